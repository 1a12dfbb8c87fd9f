namespace Webcluster.Queue.Tests.Embedded;

public abstract class EmbeddedQueueContract(long hotOctets) : MailQueueContract
{
    private readonly EmbeddedStore _store = new();

    protected override bool RestartEndsClaims => true;

    protected override ValueTask<IMailQueue> OpenAsync() =>
        new(_store.Open(Metrics, Time, options => options with { SiteLimits = Limits, HotOctets = hotOctets }));

    protected override ValueTask CleanAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class EmbeddedQueueContractTests() : EmbeddedQueueContract(hotOctets: 1 << 20);

/// <summary>Everything is read back from the file.</summary>
public sealed class ColdEmbeddedQueueContractTests() : EmbeddedQueueContract(hotOctets: 0);
