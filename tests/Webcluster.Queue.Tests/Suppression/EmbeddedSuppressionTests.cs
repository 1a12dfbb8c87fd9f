using Webcluster.Queue.Embedded;
using Webcluster.Queue.Tests.Embedded;

namespace Webcluster.Queue.Tests.Suppression;

public sealed class EmbeddedSuppressionTests : SuppressionContract
{
    private readonly EmbeddedStore _store = new();

    protected override ValueTask<IMailQueue> OpenAsync() => new(_store.Open(Metrics, Time, options => options));

    protected override async Task SweepAsync()
    {
        for (var step = 0; step < 5; step++) await ((EmbeddedQueue)Queue).SweepSuppressionsAsync();
    }

    protected override Task<long> StoredAsync() => Task.FromResult(((EmbeddedQueue)Queue).Suppressed);

    protected override ValueTask CleanAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }
}
