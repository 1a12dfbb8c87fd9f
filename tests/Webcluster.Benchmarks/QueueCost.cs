using System.Diagnostics;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;

namespace Webcluster.Benchmarks;

/// <summary>
/// Compares an empty queue with one where deliveries wait (a tenth of them due): the time of a claim, the rate of mails that are stored,
/// claimed and settled, memory and round trips.
/// </summary>
internal sealed class QueueCost(Store store, int waiting, int mails, int rounds)
{
    // As a node works: ten connections a site, each outcome settled by itself, twenty deliveries a claim.
    private const int Workers = 20;
    private const int MostAtOnce = 20;
    private const int MostOnOneConnection = 100;
    private const int Sites = 1000;

    private static readonly NodeId s_node = new("bench");
    private readonly SampleMail[] _samples = [.. Enumerable.Range(0, Sites).Select(site =>
        new SampleMail(new LaneKey($"mx{site}.example", $"mx{site}.example", "default"), MailClass.Normal, "shop", $"someone@site{site}.example"))];

    public async Task RunAsync(CancellationToken cancellation)
    {
        await MeasureRateAsync(cancellation);
        var empty = await MedianAsync(cancellation);
        var before = await store.MemoryAsync();
        await store.Queue.FillAsync(waiting, (index, now) => _samples[index % Sites].New(now, Due(index, now)), cancellation);
        // Redis goes on rehashing its growing table for a while.
        await Task.Delay(TimeSpan.FromMinutes(1), cancellation);
        var octets = (double)(await store.MemoryAsync() - before) / waiting - SampleMail.ContentOctets;
        var full = await MedianAsync(cancellation);
        Console.WriteLine($"empty: {empty}");
        Console.WriteLine($"with {waiting} waiting: {full}");
        Console.WriteLine($"figure queue_claim_speed_full_over_empty {empty.ClaimMicroseconds / full.ClaimMicroseconds:F2}");
        Console.WriteLine($"figure queue_rate_full_over_empty {full.MailsPerSecond / empty.MailsPerSecond:F2}");
        Console.WriteLine($"figure queue_octets_per_waiting {octets:F0}");
        Console.WriteLine($"figure queue_round_trips_per_mail {full.RoundTripsPerMail:F2}");
    }

    // One in ten is due; the others are spread over a day.
    private static DateTimeOffset? Due(int index, DateTimeOffset now) => index % 10 == 0 ? null : now.AddSeconds(3600 + index % 86_400);

    private async Task<Sample> MedianAsync(CancellationToken cancellation)
    {
        var rates = new List<Rate>();
        for (var round = 0; round < rounds; round++) rates.Add(await MeasureRateAsync(cancellation));
        var rate = rates.OrderBy(each => each.MailsPerSecond).ElementAt(rounds / 2);
        return new Sample(rate.MailsPerSecond, rate.RoundTripsPerMail, await MeasureClaimAsync(cancellation));
    }

    private async Task<Rate> MeasureRateAsync(CancellationToken cancellation)
    {
        var tripsBefore = await store.RoundTripsAsync();
        var began = Stopwatch.GetTimestamp();
        var settled = (await Task.WhenAll(_samples.Take(Workers).Select(sample => WorkAsync(sample, mails / Workers, [], cancellation)))).Sum();
        var took = Stopwatch.GetElapsedTime(began);
        return new Rate(settled / took.TotalSeconds, (double)(await store.RoundTripsAsync() - tripsBefore) / settled);
    }

    /// <summary>The median time of a claim while nothing else asks the store, in microseconds.</summary>
    private async Task<double> MeasureClaimAsync(CancellationToken cancellation)
    {
        var claims = new List<TimeSpan>();
        await WorkAsync(_samples[0], mails / 4, claims, cancellation);
        return claims.OrderBy(each => each).ElementAt(claims.Count / 2).TotalMicroseconds;
    }

    /// <summary>Stores, claims and settles mail of one lane, as one connection of a node after the other.</summary>
    private async Task<int> WorkAsync(SampleMail sample, int count, List<TimeSpan> claims, CancellationToken cancellation)
    {
        var (settled, onConnection) = (0, 0);
        SessionId? session = null;
        while (settled < count)
        {
            await Task.WhenAll(Enumerable.Range(0, MostAtOnce).Select(_ => store.Queue.StoreAsync(sample.New(DateTimeOffset.UtcNow, null), cancellation)));
            var began = Stopwatch.GetTimestamp();
            var granted = await ClaimAsync(sample.Lane, session, cancellation);
            claims.Add(Stopwatch.GetElapsedTime(began));
            foreach (var delivery in granted.Deliveries)
                await store.Queue.SettleAsync(granted.Session, [new Settlement.Done(delivery.Id, Sent: true)], cancellation);
            settled += granted.Deliveries.Count;
            onConnection += granted.Deliveries.Count;
            session = granted.Session;
            if (onConnection + MostAtOnce <= MostOnOneConnection && settled < count) continue;
            await store.Queue.ReleaseAsync(granted.Session, cancellation);
            (session, onConnection) = (null, 0);
        }

        return settled;
    }

    private async Task<ClaimResult.Granted> ClaimAsync(LaneKey lane, SessionId? session, CancellationToken cancellation) =>
        await store.Queue.ClaimAsync(new ClaimRequest(s_node, lane, session, MostAtOnce, int.MaxValue), cancellation) as ClaimResult.Granted
        ?? throw new InvalidOperationException($"Nothing was claimed of {lane}.");

    private sealed record Rate(double MailsPerSecond, double RoundTripsPerMail);

    private sealed record Sample(double MailsPerSecond, double RoundTripsPerMail, double ClaimMicroseconds)
    {
        public override string ToString() => $"{MailsPerSecond:F0} mails/s, {RoundTripsPerMail:F2} round trips a mail, {ClaimMicroseconds:F0} us a claim of {MostAtOnce}";
    }
}
