using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Delivery.Availability;
using Webcluster.Delivery.Connections;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Notifications;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Pools;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Pump;
using Webcluster.Delivery.Reactions;
using Webcluster.Delivery.Reports;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Sources;
using Webcluster.Delivery.Traffic;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.Tests.Providers;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Dns;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue;
using Webcluster.Queue.Embedded;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Routing;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Suppression;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Metrics;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Suppression;
using Webcluster.TestKit.Time;

namespace Webcluster.Delivery.Tests.Pump;

/// <summary>
/// The whole outbound side over a real embedded queue and scripted servers, with a clock that stands. The domains "to.test" and "two.test"
/// lead to the server given ("mx.test"); a domain below ".route.test" to the second one, where there is one.
/// </summary>
internal sealed class PumpBench : IAsyncDisposable, IDkimKeySource
{
    // Reading its rules takes a while.
    private static readonly ReplyClassifier Classifier = ReplyClassifier.Shipped();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webcluster-pump-");
    private readonly QueueMetrics _queueMetrics = new();
    private readonly TestMeters _meters = new();
    private readonly NodeId _node = new("bench");
    private readonly StaticRoutes _routes;
    private readonly int _port;
    private DeliveryPump? _pump;

    public PumpBench(ScriptedServer server, ScriptedServer? routed = null, SiteLimits? limits = null, EgressPlan? plan = null)
    {
        Queue = new WatchedQueue(EmbeddedQueue.Open(
            new EmbeddedQueueOptions { Folder = Path.Combine(_folder.FullName, "queue"), SiteLimits = limits ?? new SiteLimits() }, Clock,
            _queueMetrics,
            NullLogger<EmbeddedQueue>.Instance));
        var site = limits ?? new SiteLimits();
        Book = new ProviderBook(ProviderSetup.Empty with
        {
            Defaults = new ProviderDefaults(site.Connections, site.MessagesPerConnection, TlsPolicy.None),
        });
        _port = server.Port;
        _routes = new StaticRoutes(routed is null ? []
            : [new RouteOptions { Match = ".route.test", Hosts = [$"127.0.0.1:{routed.Port}"], Tls = TlsPolicy.None }], _ => "");
        Dns.Mx("to.test", new MxRecord(10, "mx.test")).Mx("two.test", new MxRecord(10, "mx.test"))
            .Mx("from.test", new MxRecord(10, "mx.from.test"));
        Dns.Address("mx.test", "127.0.0.1");
        Heartbeat = new Heartbeat(Queue, _node, Clock, NullLogger<Heartbeat>.Instance);
        Housekeeping = new Housekeeping(Queue, _node, Heartbeat, NullLogger<Housekeeping>.Instance);
        Sources = new SourceBook(plan ?? EgressPlan.Of(Outbound.Anywhere), new SourceLog(new Logger<SourceLog>(Log)), Clock);
        Schedule = new RetrySchedule(new RetryOptions { JitterPercent = 0 }, new Random(1));
        Gate.Open();
    }

    public ManualClock Clock { get; } = new(Sample.Start);

    public WatchedQueue Queue { get; }

    public NaiveSuppressionList Suppressed { get; } = new();

    public NaiveSoftFailures SoftFailures { get; } = new();

    public SuppressionOptions Suppression { get; } = new();

    public FakeDns Dns { get; } = new();

    public TestLog Log { get; } = new();

    public SourceBook Sources { get; }

    public ProviderBook Book { get; init; }

    public Heartbeat Heartbeat { get; }

    public Housekeeping Housekeeping { get; }

    public DeliveryGate Gate { get; } = new();

    public RetrySchedule Schedule { get; }

    public DeliveryOptions Options { get; } = new() { ClaimBatch = 1 };

    /// <summary>What domains publish; null: nothing.</summary>
    public StsPolicies? Policies { get; set; }

    /// <summary>Null: mail keeps its sender's reverse-path.</summary>
    public ReturnPaths? ReturnPaths { get; set; }

    /// <summary>Octets of content that come with a claim of <see cref="RunAsync"/>.</summary>
    public int MostInline { get; init; } = 1 << 20;

    public TlsPolicy Tls { get; set; } = TlsPolicy.None;

    public DkimKeyRing Current { get; } = new([]);

    public static LaneKey Lane { get; } = new("mx.test", "mx.test", "default");

    /// <summary>A message as it was accepted: one delivery, in this lane.</summary>
    public async Task<DeliveryId> AcceptAsync(LaneKey lane, params QueuedRecipient[] recipients)
    {
        var now = Clock.GetUtcNow();
        var message = new NewMessage(
            MessageId.New(now), Sample.Envelope, Sample.Content(), [new NewDelivery(lane, MailClass.Normal, recipients)], now,
                now.AddDays(5));
        var stored = await Queue.EnqueueAsync(message, CancellationToken.None);
        return stored == EnqueueResult.Stored ? new DeliveryId(message.Id, 0) : throw new InvalidOperationException($"{stored}");
    }

    public Task<DeliveryId> AcceptAsync(params string[] recipients) =>
        AcceptAsync(Lane, [.. recipients.Select(address => Sample.Recipient(address))]);

    public DeliveryPump Pump() => _pump ??= new DeliveryPump(Queue, _node, Heartbeat, new SessionRunnerFactory(Services()), Gate, Options, Clock);

    public async Task StartAsync()
    {
        await Heartbeat.BeatAsync(CancellationToken.None);
        await Pump().StartAsync(CancellationToken.None);
    }

    /// <summary>Moves the clock on, with the heart beating and the house kept.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        for (var left = by; left > TimeSpan.Zero; left -= Heartbeat.Interval)
        {
            Clock.Advance(left < Heartbeat.Interval ? left : Heartbeat.Interval);
            await Heartbeat.BeatAsync(CancellationToken.None);
            if (Heartbeat.Beats.TryRead(out var overdue)) await Housekeeping.KeepAsync(overdue, CancellationToken.None);
        }
    }

    /// <summary>Waits until a connection is parked.</summary>
    public Task ParkedAsync() =>
        Patience.Until(() => Clock.HasTimerIn(Options.IdleTimeout), () => $"a session is parked; {string.Join(", ", Queue.Diary)}");

    /// <summary>Stops as a host does, with all the time there is.</summary>
    public async Task StopAsync() => await Pump().StopAsync(CancellationToken.None).Soon();

    /// <summary>Waits until so many outcomes are durable. The clock moves only where the pump rests, because the lane that it was named was
    /// claimed by a session meanwhile.</summary>
    public Task SettledAsync(int count)
    {
        return Patience.Until(IsSettled, () => $"{count} settled; {string.Join(", ", Queue.Diary)}");

        bool IsSettled()
        {
            foreach (var rest in DeliveryPump.Rests.Where(Clock.HasTimerIn)) Clock.Advance(rest);
            return Queue.Settlements.Count >= count;
        }
    }

    /// <summary>A runner for what one claim gives, outside of any pump.</summary>
    public async Task<(SessionRunner Runner, Task Running)> RunAsync()
    {
        await Heartbeat.BeatAsync(CancellationToken.None);
        var request = new ClaimRequest(_node, Lane, null, Options.ClaimBatch, MostInline);
        var granted = (ClaimResult.Granted)await Queue.ClaimAsync(request, CancellationToken.None);
        var opened = new OpenedSession(granted.Session, Lane, Sources.UsableOf(Lane.Pool)[0].Source, Heartbeat.Lease);
        var runner = new SessionRunnerFactory(Services()).Create(
            opened, most => request with { Session = granted.Session, MostDeliveries = most });
        return (runner, Task.Run(() => runner.RunAsync(granted.Deliveries)));
    }

    public BounceNotifier Notifier() =>
        new(
            Queue, new DsnComposer("we.test", TimeSpan.FromHours(4), ReturnPaths is not null), new ReportMailer(Queue, Lanes(), this),
            TimeSpan.FromDays(5));

    public Settler Settler() =>
        new(
            Queue, Notifier(), Bounced(), new AttemptEvents(Classifier, "we.test"), Schedule,
            new Witnesses(new DeliveryMetrics(_meters, Books.Plain), DeliveryLog()), Clock);

    public TlsDecider Decider() => new(Dns, Policies, useDane: true, sessions: null);

    public DomainRouter Router() => new(
        _routes, Dns, new NetworkPolicy([IPNetwork.Parse("127.0.0.0/8")], []),
            new DomainRouterSettings("we.test", _port, new ProviderBook(ProviderSetup.Empty with { Defaults = new ProviderDefaults(Tls: Tls) }), new Random(1)));

    public IRecipientRouter Lanes() => new PoolRouter(Router(), new PoolPolicy([]), Book);

    public async ValueTask DisposeAsync()
    {
        if (_pump is not null)
        {
            await _pump.StopAsync(new CancellationToken(canceled: true)).Soon();
            _pump.Dispose();
        }

        Heartbeat.Dispose();
        Gate.Dispose();
        await Queue.DisposeAsync();
        _queueMetrics.Dispose();
        _meters.Dispose();
        _folder.Delete(recursive: true);
    }

    private BouncedAddresses Bounced()
    {
        var suppressions = new Suppressions(Suppressed, Suppression);
        return new BouncedAddresses(
            suppressions, new RepeatedSoft(SoftFailures, suppressions, Suppression.RepeatedSoft, Clock), DeliveryLog());
    }

    private ReplyReactions Reactions() => new(
        Classifier, new ReplyWatch(Book, Queue, DeliveryLog(), Clock), new RefusedShares(Options.Reactions, Clock),
        new ReplyAlarms(Options.Reactions, new DeliveryMetrics(_meters, Books.Plain), DeliveryLog(), Clock), Options.Retry);

    private DeliveryLog DeliveryLog() => new(new Logger<DeliveryLog>(Log));

    private SessionRunnerServices Services()
    {
        var connector = new SmtpConnector(
            Dns, new NetworkPolicy([IPNetwork.Parse("127.0.0.0/8")], []),
            new TlsKnowledge(new BrokenTls(TimeSpan.FromDays(3), Clock, new Logger<BrokenTls>(Log)), Decider()),
            new EgressDialer(Options.Timeouts.Connect, Clock), new ConnectorSettings(Options.Timeouts, Clock));
        return new SessionRunnerServices(
            Queue, Router(), Decider(), connector, Sources, new SourceMetrics(_meters, Sources), new TrafficOffers(Book, Sources, Clock),
            Reactions(),
            Settler(), new SiteHealth(Queue, Schedule), Heartbeat, new ParkedSessions(), new Suppressions(Suppressed, Suppression),
            new DeliveryMetrics(_meters, Books.Plain),
            DeliveryLog(), Clock, Options, ReturnPaths);
    }
}
