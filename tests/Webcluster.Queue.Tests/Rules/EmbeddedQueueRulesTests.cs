using Webcluster.Queue.Tests.Embedded;

namespace Webcluster.Queue.Tests.Rules;

public abstract class EmbeddedQueueRulesContract(long hotOctets) : QueueRulesContract
{
    private readonly EmbeddedStore _store = new();

    protected override ValueTask<IMailQueue> OpenAsync() =>
        new(_store.Open(Metrics, Time, options => options with { SiteLimits = Limits, HotOctets = hotOctets }));

    protected override ValueTask CleanAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class EmbeddedQueueRulesTests() : EmbeddedQueueRulesContract(hotOctets: 1 << 20);

/// <summary>Everything is read back from the file.</summary>
public sealed class ColdEmbeddedQueueRulesTests() : EmbeddedQueueRulesContract(hotOctets: 0);
