using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Queue.Embedded;
using Webcluster.Queue.Tests.Embedded;

namespace Webcluster.Queue.Tests.Rules;

public abstract class EmbeddedQueueRulesContract(long hotOctets) : QueueRulesContract
{
    private readonly TemporaryFolder folder = new();

    protected override ValueTask<IMailQueue> OpenAsync()
    {
        var options = new EmbeddedQueueOptions { Folder = folder.Path, SiteLimits = Limits, HotOctets = hotOctets };
        return ValueTask.FromResult<IMailQueue>(EmbeddedQueue.Open(options, Time, Metrics, NullLogger<EmbeddedQueue>.Instance));
    }

    protected override ValueTask CleanAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class EmbeddedQueueRulesTests() : EmbeddedQueueRulesContract(hotOctets: 1 << 20);

/// <summary>Everything is read back from the file.</summary>
public sealed class ColdEmbeddedQueueRulesTests() : EmbeddedQueueRulesContract(hotOctets: 0);
