using System.Diagnostics;
using System.Globalization;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;

namespace Webcluster.Benchmarks;

/// <summary>
/// Compares an empty queue with one where deliveries wait (a tenth of them due): the time of a claim, the rate of mails that are stored,
/// claimed and settled, memory and round trips. Round by round the one and the other, so that a machine that becomes slower is slower for both.
/// </summary>
internal sealed class QueueCost(Store empty, Store full, int waiting, int mails, int rounds)
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
        // Not counted: it compiles the program.
        await MeasureAsync(empty, cancellation);
        var before = await full.MemoryAsync();
        await full.Queue.FillAsync(waiting, (index, now) => _samples[index % Sites].New(now, Due(index, now)), cancellation);
        // Redis goes on rehashing its growing table for a while.
        await Task.Delay(TimeSpan.FromMinutes(1), cancellation);
        var octets = (double)(await full.MemoryAsync() - before) / waiting - SampleMail.ContentOctets;
        var (none, many) = (new List<Sample>(), new List<Sample>());
        for (var round = 0; round < rounds; round++)
        {
            none.Add(await MeasureAsync(empty, cancellation));
            many.Add(await MeasureAsync(full, cancellation));
            Console.WriteLine($"empty: {none[^1]}; with {waiting} waiting: {many[^1]}");
        }

        Console.WriteLine(Figure("queue_claim_speed_full_over_empty", Median(none, one => one.ClaimMicroseconds) / Median(many, one => one.ClaimMicroseconds)));
        Console.WriteLine(Figure("queue_rate_full_over_empty", Median(many, one => one.MailsPerSecond) / Median(none, one => one.MailsPerSecond)));
        Console.WriteLine($"figure queue_octets_per_waiting {octets:F0}");
        Console.WriteLine(Figure("queue_round_trips_per_mail", Median(many, one => one.RoundTripsPerMail)));
    }

    private static string Figure(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"figure {name} {value:F2}");

    private static double Median(List<Sample> samples, Func<Sample, double> of) => samples.Select(of).Order().ElementAt(samples.Count / 2);

    // One in ten is due; the others are spread over a day.
    private static DateTimeOffset? Due(int index, DateTimeOffset now) => index % 10 == 0 ? null : now.AddSeconds(3600 + index % 86_400);

    private async Task<Sample> MeasureAsync(Store store, CancellationToken cancellation)
    {
        var tripsBefore = await store.RoundTripsAsync();
        var began = Stopwatch.GetTimestamp();
        var settled = (await Task.WhenAll(_samples.Take(Workers).Select(sample => WorkAsync(store, sample, mails / Workers, [], cancellation)))).Sum();
        var rate = settled / Stopwatch.GetElapsedTime(began).TotalSeconds;
        var trips = (double)(await store.RoundTripsAsync() - tripsBefore) / settled;
        return new Sample(rate, trips, await MeasureClaimAsync(store, cancellation));
    }

    /// <summary>The median time of a claim while nothing else asks the store, in microseconds.</summary>
    private async Task<double> MeasureClaimAsync(Store store, CancellationToken cancellation)
    {
        var claims = new List<TimeSpan>();
        await WorkAsync(store, _samples[0], mails / 4, claims, cancellation);
        return claims.OrderBy(each => each).ElementAt(claims.Count / 2).TotalMicroseconds;
    }

    /// <summary>Stores, claims and settles mail of one lane, as one connection of a node after the other.</summary>
    private static async Task<int> WorkAsync(Store store, SampleMail sample, int count, List<TimeSpan> claims, CancellationToken cancellation)
    {
        var (settled, onConnection) = (0, 0);
        SessionId? session = null;
        while (settled < count)
        {
            await Task.WhenAll(Enumerable.Range(0, MostAtOnce).Select(_ => store.Queue.StoreAsync(sample.New(DateTimeOffset.UtcNow, null), cancellation)));
            var began = Stopwatch.GetTimestamp();
            var granted = await ClaimAsync(store, sample.Lane, session, cancellation);
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

    private static async Task<ClaimResult.Granted> ClaimAsync(Store store, LaneKey lane, SessionId? session, CancellationToken cancellation) =>
        await store.Queue.ClaimAsync(new ClaimRequest(s_node, lane, session, MostAtOnce, int.MaxValue), cancellation) as ClaimResult.Granted
        ?? throw new InvalidOperationException($"Nothing was claimed of {lane}.");

    private sealed record Sample(double MailsPerSecond, double RoundTripsPerMail, double ClaimMicroseconds)
    {
        public override string ToString() => $"{MailsPerSecond:F0} mails/s, {RoundTripsPerMail:F2} round trips a mail, {ClaimMicroseconds:F0} us a claim of {MostAtOnce}";
    }
}
