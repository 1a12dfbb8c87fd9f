using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Queue.Embedded;

namespace Webcluster.Queue.Tests.Embedded;

public abstract class EmbeddedQueueContract(long hotOctets) : MailQueueContract
{
    private readonly TemporaryFolder folder = new();

    protected override bool RestartEndsClaims => true;

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

public sealed class EmbeddedQueueContractTests() : EmbeddedQueueContract(hotOctets: 1 << 20);

/// <summary>Everything is read back from the file.</summary>
public sealed class ColdEmbeddedQueueContractTests() : EmbeddedQueueContract(hotOctets: 0);
