using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Queue.Embedded;

namespace Webcluster.Queue.Tests.Embedded;

/// <summary>A folder for the queue of one test, which can be opened on it again and again.</summary>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EmbeddedQueue Open(QueueMetrics metrics, TimeProvider time, Func<EmbeddedQueueOptions, EmbeddedQueueOptions> change) =>
        EmbeddedQueue.Open(change(new EmbeddedQueueOptions { Folder = _folder.Path }), time, metrics, NullLogger<EmbeddedQueue>.Instance);

    public void Dispose() => _folder.Dispose();
}
