using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Queue.Embedded;
using Webcluster.Queue.Lanes;
using Webcluster.TestKit.Time;

namespace Webcluster.Queue.Tests.Embedded;

/// <summary>An embedded queue in a folder of its own, that can be closed and opened again.</summary>
internal sealed class EmbeddedFixture : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly QueueMetrics metrics = new();

    public EmbeddedFixture(Func<EmbeddedQueueOptions, EmbeddedQueueOptions>? change = null)
    {
        var options = new EmbeddedQueueOptions { Folder = folder.Path, SiteLimits = new SiteLimits(10, 1000) };
        Options = change?.Invoke(options) ?? options;
        Queue = Open(Options);
    }

    public EmbeddedQueueOptions Options { get; }

    public ManualClock Time { get; } = new();

    public EmbeddedQueue Queue { get; private set; }

    public string Database => Path.Combine(folder.Path, "queue.db");

    public EmbeddedQueue Open(EmbeddedQueueOptions options) =>
        EmbeddedQueue.Open(options, Time, metrics, NullLogger<EmbeddedQueue>.Instance);

    public async Task ReopenAsync()
    {
        await Queue.DisposeAsync();
        Queue = Open(Options);
    }

    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        metrics.Dispose();
        folder.Dispose();
    }
}
