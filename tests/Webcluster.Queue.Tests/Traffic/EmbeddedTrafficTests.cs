using Webcluster.Queue.Tests.Embedded;

namespace Webcluster.Queue.Tests.Traffic;

public sealed class EmbeddedTrafficTests : TrafficContract
{
    private readonly EmbeddedStore _store = new();

    protected override ValueTask<IMailQueue> OpenAsync() =>
        new(_store.Open(Metrics, Time, options => options with { SiteLimits = Limits }));

    protected override ValueTask CleanAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }
}
