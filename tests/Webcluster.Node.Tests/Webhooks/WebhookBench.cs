using Microsoft.Extensions.Logging;
using Webcluster.Node.Webhooks;
using Webcluster.Node.Webhooks.Pump;
using Webcluster.Node.Webhooks.State;
using Webcluster.Node.Webhooks.Wishes;
using Webcluster.Queue.Events;
using Webcluster.Queue.Sessions;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Metrics;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Time;

namespace Webcluster.Node.Tests.Webhooks;

/// <summary>Nodes that send to real receivers, by a clock of the test, out of a log and a store in memory.</summary>
internal sealed class WebhookBench : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly TestMeters _meters = new();
    private readonly List<Node> _nodes = [];
    private readonly WebhookMetrics _metrics;

    public WebhookBench()
    {
        Feeds = new FakeFeedStore(Clock);
        _metrics = new WebhookMetrics(_meters, Clock);
    }

    // Of today, so that others' libraries believe the signatures.
    public ManualClock Clock { get; } = new(DateTimeOffset.UtcNow);

    public FakeEventLog Events { get; } = new();

    public FakeFeedStore Feeds { get; }

    public TestLog Log { get; } = new();

    /// <summary>A node; when it returns, it holds these endpoints, or another does.</summary>
    public async Task<Node> StartAsync(params WebhookEndpoint[] endpoints)
    {
        var stores = new WebhookStores(Events, Feeds.For(), new NodeId($"node-{_nodes.Count}/1"));
        var log = new WebhookLog(Log.CreateLogger<WebhookLog>(), _metrics);
        var pump = new WebhookPump(new WebhookBook(endpoints), stores, log, Clock);
        var node = new Node(pump, (FakeFeedStore.NodeView)stores.Feeds);
        _nodes.Add(node);
        await pump.StartAsync(CancellationToken.None);
        foreach (var endpoint in endpoints.Where(one => !one.Disabled))
            await UntilAsync(() => State(endpoint.Name).Live.Cursor is not null, "the endpoint begins");
        return node;
    }

    public string Happens(string? message, MailEventKind kind = MailEventKind.Delivered, string? tenant = "shop") =>
        Events.Add(WebhookSamples.Event(message, kind, tenant) with { At = Clock.Now });

    public EndpointState State(string name)
    {
        var stored = Feeds.StateOf($"webhook-{name}");
        return stored.Length == 0 ? new EndpointState() : EndpointStateJson.Decode(stored)!;
    }

    public async Task WishAsync(WishKind what, Func<Wish, Wish>? more = null)
    {
        var wish = new Wish(what, Clock.Now) { Author = "anna" };
        await Feeds.WishAsync("webhook-hook", (more?.Invoke(wish) ?? wish).Encode(), CancellationToken.None);
    }

    /// <summary>Moves the clock on until something has come about.</summary>
    public async Task UntilAsync(Func<bool> condition, string what, TimeSpan? step = null)
    {
        for (var since = Environment.TickCount64; !condition(); await Task.Delay(5))
        {
            if (Environment.TickCount64 - since > 30_000) throw new TimeoutException($"did not come about: {what}");
            Clock.Advance(step ?? Step);
        }
    }

    /// <summary>Moves the clock on for so long.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        for (var until = Clock.Now + time; Clock.Now < until; await Task.Delay(5)) Clock.Advance(Step);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.StopAsync(Clock);
        _meters.Dispose();
        Log.Dispose();
    }

    internal sealed class Node(WebhookPump pump, FakeFeedStore.NodeView store)
    {
        private bool _stopped;

        /// <summary>Nothing of it arrives in the store any more, and it is gone.</summary>
        public Task KillAsync(ManualClock clock)
        {
            store.IsDead = true;
            return StopAsync(clock);
        }

        public async Task StopAsync(ManualClock clock)
        {
            if (_stopped) return;
            _stopped = true;
            await clock.AdvanceUntilAsync(pump.StopAsync(CancellationToken.None), Step);
            pump.Dispose();
        }
    }
}
