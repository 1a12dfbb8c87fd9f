using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Queue.Embedded;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Tests.Embedded;

namespace Webcluster.Queue.Tests.Rules;

public abstract class EmbeddedQueueRulesContract(long hotOctets) : QueueRulesContract
{
    private readonly TemporaryFolder folder = new();
    private readonly QueueMetrics metrics = new();

    protected override ValueTask<IMailQueue> OpenAsync()
    {
        var options = new EmbeddedQueueOptions { Folder = folder.Path, SiteLimits = new SiteLimits(10, 1000), HotOctets = hotOctets };
        return ValueTask.FromResult<IMailQueue>(EmbeddedQueue.Open(options, Time, metrics, NullLogger<EmbeddedQueue>.Instance));
    }

    protected override ValueTask CleanAsync()
    {
        metrics.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class EmbeddedQueueRulesTests() : EmbeddedQueueRulesContract(hotOctets: 1 << 20);

/// <summary>Everything is read back from the file.</summary>
public sealed class ColdEmbeddedQueueRulesTests() : EmbeddedQueueRulesContract(hotOctets: 0);
