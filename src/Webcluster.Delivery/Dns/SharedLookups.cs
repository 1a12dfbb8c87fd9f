using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.Dns;

/// <summary>
/// Runs lookups: one for all who ask the same at a time, and a bounded number at once. Who asks something new when all places are taken
/// waits for one, before the lookup begins, so that what is left behind by callers who gave up is bounded too. A lookup ends by itself or
/// with this object, not with its callers.
/// </summary>
internal sealed class SharedLookups(int most, Func<DnsQuestion, CancellationToken, Task<DnsAnswer<DnsRecord>>> lookup) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DnsQuestion, Task<DnsAnswer<DnsRecord>>> _running = [];
    private readonly SemaphoreSlim _places = new(most);
    private readonly CancellationTokenSource _lifetime = new();

    public async Task<DnsAnswer<DnsRecord>> RunAsync(DnsQuestion question, CancellationToken cancellation)
    {
        var running = Find(question);
        if (running is null)
        {
            await _places.WaitAsync(cancellation);
            running = FindOrStart(question);
        }
        return await running.WaitAsync(cancellation);
    }

    /// <summary>Ends the lookups under way; their callers see a cancellation.</summary>
    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync();
        Task[] running;
        lock (_lock) running = [.. _running.Values];
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task<DnsAnswer<DnsRecord>>? Find(DnsQuestion question)
    {
        lock (_lock) return _running.GetValueOrDefault(question);
    }

    // The caller has taken a place; it is given back here or at the end of the lookup.
    private Task<DnsAnswer<DnsRecord>> FindOrStart(DnsQuestion question)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(question, out var running))
            {
                _places.Release();
                return running;
            }
            // Not on this thread: a lookup that ended at once would leave before it was entered.
            return _running[question] = Task.Run(() => RunToEndAsync(question), CancellationToken.None);
        }
    }

    private async Task<DnsAnswer<DnsRecord>> RunToEndAsync(DnsQuestion question)
    {
        try
        {
            return await lookup(question, _lifetime.Token);
        }
        finally
        {
            lock (_lock) _running.Remove(question);
            _places.Release();
        }
    }
}
