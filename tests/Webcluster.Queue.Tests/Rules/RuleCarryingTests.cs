using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Tests.Redis;
using Webcluster.TestKit.Redis;
using Webcluster.TestKit.Time;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Rules;

/// <summary>Rules that are half carried out when something else happens: nothing is left out and nothing done twice.</summary>
public sealed class RuleCarryingTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>, IAsyncLifetime
{
    private const string One = "one", Other = "other";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly ManualClock _time = new();
    private readonly OpenQueues _queues = new();
    private StepCarrier _carrier = null!;
    private int _waiting;

    private RedisMailQueue Queue => _queues.First;

    private RedisDaemon Daemon => server.Daemon;

    public static TheoryData<RuleAction, int> ActionsAndShards
    {
        get
        {
            var rows = new TheoryData<RuleAction, int>();
            foreach (var action in new[] { RuleAction.Hold, RuleAction.Bounce, RuleAction.Drop, RuleAction.Expedite, RuleAction.Move })
                foreach (var shards in new[] { 1, 4 })
                    rows.Add(action, shards);
            return rows;
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _queues.DisposeAsync();
        if (_carrier is not null)
        {
            await _carrier.DisposeAsync();
            await Daemon.ShouldBeSoundAsync();
        }
    }

    [RedisTheory]
    [MemberData(nameof(ActionsAndShards))]
    public async Task Carrier_DiesInTheMiddle_AnotherGoesOn(RuleAction action, int shards)
    {
        await StartAsync(shards);
        var rule = await AddAsync(action);
        await BeginAsync();
        for (var shard = 0; shard < shards; shard++)
            await _carrier.StepAsync(One, shard);

        // It is not heard of again. Its leases go on for a while.
        _time.Advance(StepCarrier.Lease - Tick);
        for (var shard = 0; shard < shards; shard++)
            (await _carrier.StepAsync(Other, shard)).ShouldBeOneOf("busy", "idle");
        (await StatusAsync(rule)).IsRunning.ShouldBeTrue();

        await UntilAsync(async () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return !(await StatusAsync(rule)).IsRunning;
        });
        await ShouldBeDoneAsync(rule);
    }

    [RedisTheory]
    [MemberData(nameof(ActionsAndShards))]
    public async Task Carrier_LeavesInTheMiddle_TheNodesGoOnAtOnce(RuleAction action, int shards)
    {
        await StartAsync(shards);
        var rule = await AddAsync(action);
        await BeginAsync();

        await _carrier.LeaveAsync(One);

        // Nobody's clock moves: the bell is what they hear.
        await UntilAsync(async () => !(await StatusAsync(rule)).IsRunning);
        await ShouldBeDoneAsync(rule);
    }

    [RedisTheory]
    [MemberData(nameof(ActionsAndShards))]
    public async Task Store_IsKilledInTheMiddle_TheRestIsDoneOnce(RuleAction action, int shards)
    {
        await StartAsync(shards);
        var rule = await AddAsync(action);
        await BeginAsync();

        await Daemon.KillAsync();
        await Daemon.RestartAsync();
        await _carrier.ReconnectedAsync();
        await UntilAsync(() => Task.FromResult(Queue.IsAccepting(out _)));
        await FinishAsync(One);

        await ShouldBeDoneAsync(rule);
    }

    [RedisTheory]
    [InlineData(RuleAction.Drop)]
    [InlineData(RuleAction.Move)]
    public async Task Carriers_OfFourNodesAtOnce_DoEachDeliveryOnce(RuleAction action)
    {
        await StartAsync(shards: 4, isHeld: false);
        for (var node = 1; node < 4; node++)
            await OpenAsync(shards: 4);

        var rule = await AddAsync(action);

        await UntilAsync(async () => !(await StatusAsync(rule)).IsRunning);
        await ShouldBeDoneAsync(rule);
    }

    [RedisTheory]
    [InlineData(RuleAction.Hold, RuleAction.Drop)]
    [InlineData(RuleAction.Drop, RuleAction.Hold)]
    [InlineData(RuleAction.Move, RuleAction.Drop)]
    [InlineData(RuleAction.Bounce, RuleAction.Hold)]
    [InlineData(RuleAction.Hold, RuleAction.Bounce)]
    [InlineData(RuleAction.Expedite, RuleAction.Drop)]
    public async Task Rule_AddedWhileAnotherWalks_BothAreCarriedOutInFull(RuleAction walking, RuleAction added)
    {
        await StartAsync(shards: 1);
        var first = await AddAsync(walking);
        await BeginAsync();

        var second = await AddAsync(added);
        await FinishAsync(One);

        // The one that takes mail out of the queue has it all, whoever had it first.
        var counts = await Queue.CountAsync(CancellationToken.None);
        counts.Held.ShouldBe(0);
        var taker = walking is RuleAction.Drop or RuleAction.Bounce ? first : second;
        (await StatusAsync(taker)).Done.ShouldBe(_waiting);
        (counts.Ready + counts.Scheduled).ShouldBe(taker.Action is RuleAction.Bounce ? _waiting : 0);
    }

    [RedisTheory]
    [InlineData(RuleAction.Hold)]
    [InlineData(RuleAction.Drop)]
    [InlineData(RuleAction.Bounce)]
    [InlineData(RuleAction.Move)]
    public async Task Rule_EndedWhileItWalks_StopsWhereItIsAndTheNextGoesOn(RuleAction action)
    {
        await StartAsync(shards: 1);
        var rule = await AddAsync(action);
        await BeginAsync();
        var so = await StatusAsync(rule);
        var next = await AddAsync(RuleAction.Move, "third");

        (await Queue.EndRuleAsync(rule.Id, CancellationToken.None)).ShouldBe(EndRuleResult.Ended);
        await FinishAsync(One);

        (await Queue.RulesAsync(CancellationToken.None)).ShouldHaveSingleItem().Rule.ShouldBe(next);
        var left = _waiting - (action is RuleAction.Drop or RuleAction.Bounce ? so.Done : 0);
        (await StatusAsync(next)).Done.ShouldBe(left);
        var lanes = await Queue.LanesAsync(10, CancellationToken.None);
        lanes.Single(lane => lane.Lane == Google with { Pool = "third" }).Scheduled.ShouldBe(left);
        (await Queue.CountAsync(CancellationToken.None)).Held.ShouldBe(0);
    }

    [RedisFact]
    public async Task Hold_EndedWhileAnotherWalks_IsMetByThatFirst()
    {
        await StartAsync(shards: 1);
        var hold = await AddAsync(RuleAction.Hold);
        await FinishAsync(One);
        var drop = await AddAsync(RuleAction.Drop);
        await _carrier.TakeAsync(One);
        (await _carrier.StepAsync(One)).ShouldBe("stepped");

        await Queue.EndRuleAsync(hold.Id, CancellationToken.None);
        await FinishAsync(One);

        (await StatusAsync(drop)).Done.ShouldBe(_waiting);
        (await Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(0);
    }

    [RedisTheory]
    [InlineData(RuleAction.Drop)]
    [InlineData(RuleAction.Bounce)]
    [InlineData(RuleAction.Move)]
    public async Task Deliveries_ClaimedAndReturnedWhileItWalks_HadTheirTurnOrAreDone(RuleAction action)
    {
        await StartAsync(shards: 1, isDue: true);
        var early = await Queue.ClaimAsync(Google, 50);
        var rule = await AddAsync(action);
        await Queue.SettleAsync(early.Session, [.. early.Deliveries.Select(each => new Settlement.Returned(each.Id))], CancellationToken.None);
        var late = await Queue.ClaimAsync(Google, 50, node: NodeB);
        await BeginAsync();
        _time.Advance(Tick);
        await Queue.ReapAsync(NodeB, CancellationToken.None);
        await FinishAsync(One);

        var status = await StatusAsync(rule);
        (status.Done + status.UnderWay).ShouldBe(_waiting);
        var untouched = early.Deliveries.Concat(late.Deliveries).Select(each => each.Id).Distinct().Count();
        status.UnderWay.ShouldBeInRange(1, untouched);
    }

    /// <summary>A queue with mail in four lanes of one tenant, and nobody who carries rules out but the test.</summary>
    private async Task StartAsync(int shards, bool isHeld = true, bool isDue = false)
    {
        await server.EmptyAsync();
        await OpenAsync(shards);
        _carrier = await StepCarrier.StartAsync(Daemon, _time, shards);
        if (isHeld)
            await _carrier.TakeAsync(One);
        LaneKey[] lanes = shards == 1 ? [Google] : [Google, Yahoo, new LaneKey("gmx", "gmx", "main"), new LaneKey("t-online", "t-online", "main")];
        // Three steps for each lane.
        _waiting = 600 * lanes.Length;
        var stored = Enumerable.Range(0, _waiting).Select(i => Queue.StoreAsync(
            Message(_time.Now, To(lanes[i % lanes.Length])) with { NotBefore = isDue ? null : _time.Now.AddDays(1) }));
        await Task.WhenAll(stored);
    }

    private Task OpenAsync(int shards) => _queues.AddAsync(
        server.OpenAsync(_queues.Metrics, _time, options => options with
        {
            SiteLimits = new SiteLimits(10, 1000), Shards = shards, NodeExpiry = TimeSpan.Zero,
        }));

    private async Task<QueueRule> AddAsync(RuleAction action, string pool = "other")
    {
        var rule = new QueueRule(RuleId.New(_time.Now), action, new RuleTarget(RuleScope.Tenant, "acme"), "because", _time.Now)
        {
            Pool = action is RuleAction.Move ? pool : null,
        };
        (await Queue.AddRuleAsync(rule, CancellationToken.None)).ShouldBe(AddRuleResult.Added);
        return rule;
    }

    /// <summary>One step by <see cref="One"/>, on a shard where that is not all.</summary>
    private async Task BeginAsync()
    {
        for (var shard = 0; shard < _carrier.Shards; shard++)
            if (await _carrier.StepAsync(One, shard) is "stepped" && await IsInTheMiddleAsync())
                return;
        throw new InvalidOperationException("There was too little to do.");
    }

    private async Task<bool> IsInTheMiddleAsync() =>
        (await Queue.RulesAsync(CancellationToken.None)).Any(
            status => status.IsRunning && status.Done + status.Holds > 0 && status.Done + status.Holds < _waiting);

    private async Task FinishAsync(string node)
    {
        await _carrier.CarryOutAsync(node);
        (await Queue.RulesAsync(CancellationToken.None)).ShouldAllBe(status => !status.IsRunning);
    }

    private async Task<RuleStatus> StatusAsync(QueueRule rule) =>
        (await Queue.RulesAsync(CancellationToken.None)).Single(status => status.Rule.Id == rule.Id);

    private async Task ShouldBeDoneAsync(QueueRule rule)
    {
        var status = await StatusAsync(rule);
        status.IsRunning.ShouldBeFalse();
        (status.Done + status.Holds, status.UnderWay).ShouldBe((_waiting, 0));
        var counts = await Queue.CountAsync(CancellationToken.None);
        var isNow = rule.Action is RuleAction.Bounce or RuleAction.Expedite;
        (counts.Ready, counts.Scheduled, counts.Held, counts.Claimed).ShouldBe((
            isNow ? _waiting : 0, rule.Action is RuleAction.Move ? _waiting : 0, rule.Action is RuleAction.Hold ? _waiting : 0, 0));
        var lanes = await Queue.LanesAsync(10, CancellationToken.None);
        if (rule.Action is RuleAction.Move)
            lanes.ShouldAllBe(lane => lane.Lane.Pool == "other");
        if (rule.Action is RuleAction.Bounce)
            lanes.ShouldHaveSingleItem().Lane.ShouldBe(LaneKey.Bounces);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); !await condition(); await Task.Delay(10))
            DateTime.UtcNow.ShouldBeLessThan(end);
    }
}
