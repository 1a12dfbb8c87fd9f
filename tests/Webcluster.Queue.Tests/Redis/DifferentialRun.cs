using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Webcluster.Queue.Embedded;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Status;
using Webcluster.Queue.Tests.Embedded;
using Webcluster.Queue.Traffic;
using Webcluster.TestKit.Time;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>Two queues that are asked the same. Sessions have other ids in each, so they are known by the pair.</summary>
internal sealed partial class DifferentialRun : IAsyncDisposable
{
    private static readonly SiteLimits Limits = new(Connections: 3, MessagesPerConnection: 12);
    private static readonly LaneKey[] Lanes = [Google, GoogleBulk, Yahoo, Yahoo with { Site = "mx2.yahoo.example" }];
    private static readonly NodeId[] Nodes = [NodeA, NodeB, new("node-c")];

    // One tenant for each class: between tenants of one class at equal virtual time, either may go first.
    private static readonly string[] Tenants = ["urgent", "acme", "letters"];

    private readonly TemporaryFolder _folder;
    private readonly QueueMetrics[] _metrics;
    private readonly IMailQueue _embedded;
    private readonly IMailQueue _redis;
    private readonly ManualClock _time;
    private readonly Random _random;
    private readonly List<SessionPair> _sessions = [new(new(Guid.NewGuid()), new(Guid.NewGuid()), NodeA, Google)];
    private readonly List<NewMessage> _messages = [];

    private readonly bool _isLimited;

    private string _at = "";

    private DifferentialRun(TemporaryFolder folder, QueueMetrics[] metrics, IMailQueue embedded, IMailQueue redis, ManualClock time, Random random) =>
        (_folder, _metrics, _embedded, _redis, _time, _random, _isLimited) = (folder, metrics, embedded, redis, time, random, random.Next(2) == 0);

    /// <summary>Answers that were compared.</summary>
    public int Compared { get; private set; }

    public static async Task<DifferentialRun> StartAsync(RedisServerFixture server, ManualClock time, Random random)
    {
        var folder = new TemporaryFolder();
        QueueMetrics[] metrics = [new(), new()];
        var embedded = EmbeddedQueue.Open(
            new EmbeddedQueueOptions { Folder = folder.Path, SiteLimits = Limits }, time, metrics[0], NullLogger<EmbeddedQueue>.Instance);
        var redis = await server.OpenAsync(metrics[1], time, options => options with { SiteLimits = Limits });
        return new DifferentialRun(folder, metrics, embedded, redis, time, random);
    }

    public async Task StepAsync(string where)
    {
        _at = where;
        await (_random.Next(100) switch
        {
            < 20 => EnqueueAsync(),
            < 50 => ClaimAsync(),
            < 76 => SettleAsync(),
            < 84 => ReleaseAsync(),
            < 86 => _random.Next(4) == 0 ? LeaveAsync() : ReapAsync(),
            < 90 => AdvanceAsync(),
            < 91 => _random.Next(2) == 0 ? PauseAsync() : TroubleAsync(),
            < 92 => _isLimited ? AdjustAsync() : TroubleAsync(),
            < 95 => NextAsync(),
            < 96 => LanesAsync(),
            < 98 => RuleAsync(),
            _ => FindAsync(),
        });
        Same(await _embedded.CountAsync(CancellationToken.None), await _redis.CountAsync(CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await _embedded.DisposeAsync();
        await _redis.DisposeAsync();
        Array.ForEach(_metrics, each => each.Dispose());
        _folder.Dispose();
    }

    private async Task EnqueueAsync()
    {
        var mailClass = (MailClass)_random.Next(3);
        var deliveries = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => To(Pick(Lanes), mailClass)).ToArray();
        var message = _random.Next(20) == 0 && await StoredAsync() is { } stored ? stored : Message(_time.Now, deliveries).Of(Tenants[(int)mailClass]);
        if (_random.Next(4) == 0)
            message = message with { NotBefore = _time.Now.AddSeconds(_random.Next(1, 30)) };
        _messages.Add(message);
        Same(await _embedded.EnqueueAsync(message, CancellationToken.None), await _redis.EnqueueAsync(message, CancellationToken.None));
    }

    /// <summary>One that is still here: of one that is gone, only the store that calls can be lost to remembers for a while that it
    /// was.</summary>
    private async Task<NewMessage?> StoredAsync()
    {
        if (_messages.Count == 0)
            return null;
        var message = Pick(_messages);
        return (await _embedded.FindAsync(message.Id, CancellationToken.None)).Count > 0 ? message : null;
    }

    private async Task ClaimAsync()
    {
        var pair = _random.Next(2) == 0 ? null : AnySession();
        var (node, lane) = pair is not null && _random.Next(10) > 0 ? (pair.Node, pair.Lane) : (Pick(Nodes), Pick(Lanes));
        var (most, octets) = (_random.Next(1, 6), _random.Next(900));
        var offer = _isLimited ? Pick(Offers) : TrafficOffer.Unlimited;
        var one = await _embedded.ClaimAsync(new ClaimRequest(node, lane, pair?.Embedded, most, octets, offer), CancellationToken.None);
        var other = await _redis.ClaimAsync(new ClaimRequest(node, lane, pair?.Redis, most, octets, offer), CancellationToken.None);
        if (one is not ClaimResult.Granted granted || other is not ClaimResult.Granted alsoGranted)
        {
            Same(one, other);
            return;
        }
        Same(granted.Source, alsoGranted.Source);
        Same(granted.Deliveries.Select(Text), alsoGranted.Deliveries.Select(Text));
        if (pair is null)
            _sessions.Add(new SessionPair(granted.Session, alsoGranted.Session, node, lane) { Held = [.. granted.Deliveries.Select(d => d.Id)] });
        else
            pair.Held.AddRange(granted.Deliveries.Select(delivery => delivery.Id));
    }

    private async Task SettleAsync()
    {
        var pair = AnySession();
        var outcomes = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Outcome(pair)).OfType<Settlement>().ToList();
        Same(
            await _embedded.SettleAsync(pair.Embedded, outcomes, CancellationToken.None),
            await _redis.SettleAsync(pair.Redis, outcomes, CancellationToken.None));
    }

    private async Task ReleaseAsync()
    {
        var pair = AnySession();
        await _embedded.ReleaseAsync(pair.Embedded, CancellationToken.None);
        await _redis.ReleaseAsync(pair.Redis, CancellationToken.None);
    }

    private async Task ReapAsync()
    {
        var node = Pick(Nodes);
        if (_random.Next(4) > 0)
            await AdvanceAsync(node, 6, 6);
        Same(await _embedded.ReapAsync(node, CancellationToken.None), await _redis.ReapAsync(node, CancellationToken.None));
    }

    private async Task LeaveAsync()
    {
        var node = Pick(Nodes);
        await _embedded.LeaveAsync(node, CancellationToken.None);
        await _redis.LeaveAsync(node, CancellationToken.None);
    }

    /// <summary>All but one node beat after each step of time, so that nobody's silence looks like that of the store.</summary>
    private Task AdvanceAsync() => AdvanceAsync(Pick(Nodes), _random.Next(8), _random.Next(8));

    private async Task AdvanceAsync(NodeId silent, params int[] steps)
    {
        foreach (var seconds in steps)
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            foreach (var node in Nodes.Where(node => node != silent))
                Same(
                    (await _embedded.BeatAsync(node, CancellationToken.None)).Select(overdue => overdue.Value).Order(),
                    (await _redis.BeatAsync(node, CancellationToken.None)).Select(overdue => overdue.Value).Order());
            // Neither has anything to end that it does not know.
            await _embedded.TendAsync(Pick(Nodes), CancellationToken.None);
            await _redis.TendAsync(Pick(Nodes), CancellationToken.None);
            if (_rules.Count > 0)
                await CarriedOutAsync();
        }
    }

    private async Task PauseAsync()
    {
        var (lane, pause) = (Pick(Lanes), TimeSpan.FromSeconds(_random.Next(10)));
        await _embedded.PauseLaneAsync(lane, pause, CancellationToken.None);
        await _redis.PauseLaneAsync(lane, pause, CancellationToken.None);
    }

    private async Task TroubleAsync()
    {
        var lane = Pick(Lanes);
        Same(
            await _embedded.TroubledAsync(lane, CancellationToken.None),
            await _redis.TroubledAsync(lane, CancellationToken.None));
    }

    /// <summary>Asked only where there is something to name: else both would wait.</summary>
    private async Task NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var one = _embedded.NextLanesAsync(10, [], patience.Token);
        if (one.IsCompleted)
            Same((await one).Select(Text).Order(), (await _redis.NextLanesAsync(10, [], patience.Token)).Select(Text).Order());
        await patience.CancelAsync();
        await one.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private async Task LanesAsync() => Same(
        (await _embedded.LanesAsync(100, CancellationToken.None)).Select(Text).Order(), (await _redis.LanesAsync(100, CancellationToken.None)).Select(Text).Order());

    private async Task FindAsync()
    {
        if (_messages.Count == 0)
            return;
        var id = Pick(_messages).Id;
        Same((await _embedded.FindAsync(id, CancellationToken.None)).Select(Text), (await _redis.FindAsync(id, CancellationToken.None)).Select(Text));
        var (one, other) = (await _embedded.ContentAsync(id), await _redis.ContentAsync(id));
        Same(one is null ? null : Convert.ToHexString(one.ToArray()), other is null ? null : Convert.ToHexString(other.ToArray()));
    }

    /// <summary>About something the session was given, mostly; else about anything.</summary>
    private Settlement? Outcome(SessionPair pair)
    {
        if (_messages.Count == 0)
            return null;
        var message = Pick(_messages);
        var id = pair.Held.Count > 0 && _random.Next(6) > 0 ? Pick(pair.Held) : message.Delivery(_random.Next(message.Deliveries.Count));
        return _random.Next(8) switch
        {
            0 => Deferral(id),
            1 => new Settlement.Returned(id),
            2 => new Settlement.Rerouted(id, Pick(Lanes)),
            3 => new Settlement.Done(id, Sent: false),
            _ => new Settlement.Done(id, Sent: true),
        };
    }

    private Settlement.Deferred Deferral(DeliveryId id) => new(
        id, [Recipient("left" + _random.Next(100)) with { LastReply = "450 later" }], TimeSpan.FromSeconds(_random.Next(20)), _random.Next(2) == 0);

    private string Text(ClaimedDelivery delivery) =>
        $"{delivery.Id} {delivery.Envelope} {string.Join(", ", delivery.Recipients)} {delivery.Attempts} {delivery.AcceptedAt:O} {delivery.ExpiresAt:O} "
        + $"{delivery.MayHaveBeenSent} {delivery.ContentLength} {(delivery.Content is null ? "-" : Convert.ToHexString(delivery.Content.ToArray()))}";

    private static string Text(LaneKey lane) => lane.ToString();

    private static string Text(LaneStatus lane) => lane.ToString();

    private string Text(DeliveryStatus delivery)
    {
        var session = _sessions.FindIndex(pair => pair.Embedded == delivery.Session || pair.Redis == delivery.Session);
        return $"{delivery with { Session = null, Recipients = [] }} {string.Join(", ", delivery.Recipients)} {session}";
    }

    private SessionPair AnySession() => _random.Next(4) > 0 ? _sessions[^_random.Next(1, Math.Min(_sessions.Count, 6) + 1)] : Pick(_sessions);

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private void Same<T>(T one, T other)
    {
        other.ShouldBe(one, _at);
        Compared++;
    }

    private void Same<T>(IEnumerable<T> one, IEnumerable<T> other)
    {
        other.ShouldBe(one, _at);
        Compared++;
    }
}

/// <summary>One session as each queue names it.</summary>
internal sealed record SessionPair(SessionId Embedded, SessionId Redis, NodeId Node, LaneKey Lane)
{
    /// <summary>Everything it was ever given.</summary>
    public List<DeliveryId> Held { get; init; } = [];
}
