using Webcluster.Queue.Tests.Embedded;

namespace Webcluster.Queue.Tests.Suppression;

public sealed class EmbeddedSoftFailureTests : SoftFailureContract
{
    private readonly EmbeddedStore _store = new();

    protected override ValueTask<IMailQueue> OpenAsync() => new(_store.Open(Metrics, Time, options => options));

    protected override ValueTask CleanAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }
}
