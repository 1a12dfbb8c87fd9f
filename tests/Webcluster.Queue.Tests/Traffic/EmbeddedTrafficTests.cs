using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Queue.Embedded;
using Webcluster.Queue.Tests.Embedded;

namespace Webcluster.Queue.Tests.Traffic;

public sealed class EmbeddedTrafficTests : TrafficContract
{
    private readonly TemporaryFolder folder = new();
    private readonly QueueMetrics metrics = new();

    protected override ValueTask<IMailQueue> OpenAsync()
    {
        var options = new EmbeddedQueueOptions { Folder = folder.Path, SiteLimits = Limits };
        return ValueTask.FromResult<IMailQueue>(EmbeddedQueue.Open(options, Time, metrics, NullLogger<EmbeddedQueue>.Instance));
    }

    protected override ValueTask CleanAsync()
    {
        metrics.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
