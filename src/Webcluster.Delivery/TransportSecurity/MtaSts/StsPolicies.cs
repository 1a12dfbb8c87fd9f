using System.Collections.Concurrent;
using Webcluster.Delivery.Dns;

namespace Webcluster.Delivery.TransportSecurity.MtaSts;

/// <summary>
/// Knows the policy of a domain (RFC 8461 §3.3, §5.1): asks DNS which one there is, fetches it where it is new or its refresh is due, and
/// holds to the one it knows while neither can be had. Domains are asked for one at a time each. Thread-safe.
/// </summary>
internal sealed class StsPolicies(IDnsResolver dns, IStsFetcher fetcher, StsStore store, MtaStsOptions options, TimeProvider time)
{
    private const int MostFailures = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<StsAnswer>> _fetching = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Failure> _failures = new(StringComparer.Ordinal);

    public async ValueTask<StsAnswer> FindAsync(string domain, CancellationToken cancellation)
    {
        var known = store.Find(domain);
        var announced = await dns.TxtAsync($"_mta-sts.{domain}", cancellation);
        // rfc8461#5.1: a policy that is known holds until it ends, whatever DNS says meanwhile.
        if (StsRecord.IdOf(announced.Records) is not { } id) return new StsAnswer(known?.Policy, null);
        if (known is not null && known.Id == id && known.RefreshAt > time.GetUtcNow()) return new StsAnswer(known.Policy, null);
        if (_failures.TryGetValue(domain, out var failure) && failure.Id == id && failure.Until > time.GetUtcNow())
            return new StsAnswer(known?.Policy, null);
        return await RefreshAsync(domain, id, cancellation);
    }

    /// <summary>Fetches again what will end, so that a policy does not lapse where no mail asks for it.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        foreach (var entry in store.All.Where(entry => entry.RefreshAt <= time.GetUtcNow()).ToList())
            await FindAsync(entry.Domain, cancellation);
    }

    private Task<StsAnswer> RefreshAsync(string domain, string id, CancellationToken cancellation)
    {
        // The fetch has a time-out of its own: a caller that goes away does not take it from the others.
        lock (_lock)
        {
            if (!_fetching.TryGetValue(domain, out var fetch)) _fetching[domain] = fetch = FetchAsync(domain, id);
            return fetch.WaitAsync(cancellation);
        }
    }

    private async Task<StsAnswer> FetchAsync(string domain, string id)
    {
        // Not within the lock.
        await Task.Yield();
        try
        {
            var fetched = await fetcher.FetchAsync(domain, CancellationToken.None);
            if (fetched.Policy is { } policy)
            {
                store.Put(new CachedSts(domain, id, policy, time.GetUtcNow()));
                return new StsAnswer(policy, null);
            }

            if (_failures.Count >= MostFailures) _failures.Clear();
            _failures[domain] = new Failure(id, time.GetUtcNow() + options.RetryAfter);
            return new StsAnswer(store.Find(domain)?.Policy, fetched);
        }
        finally
        {
            lock (_lock) _fetching.Remove(domain);
        }
    }

    private sealed record Failure(string Id, DateTimeOffset Until);
}

/// <param name="Policy">The one in force; null: none.</param>
/// <param name="Failure">Not null: it was tried now to fetch the policy that is announced, and this came of it.</param>
internal sealed record StsAnswer(StsPolicy? Policy, StsFetch? Failure);
