using System.Globalization;
using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Tests.Redis;
using Webcluster.TestKit.Redis;
using Webcluster.TestKit.Time;
using Xunit;
using Xunit.Abstractions;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Rules;

/// <summary>
/// Rules that are carried out a step at a time while mail comes, is claimed, settled and given back at random, and other rules come and go.
/// After each some operations the store must fit together; in the end each drop must have met everything that was there before it and was
/// not under way. WEBCLUSTER_STORM_SEEDS says how many runs (4).
/// </summary>
public sealed class RuleStormTests(RedisServerFixture server, ITestOutputHelper output) : IClassFixture<RedisServerFixture>
{
    private static readonly LaneKey[] Lanes = [Google, GoogleBulk, Yahoo, new("gmx", "gmx", "main")];
    private static readonly string[] Tenants = ["acme", "letters", "urgent"];
    private static readonly NodeId[] Nodes = [NodeA, NodeB];

    [RedisFact]
    public async Task Rules_AmongEverythingElse_LeaveNothingOutAndNothingBehind()
    {
        var seeds = int.TryParse(Environment.GetEnvironmentVariable("WEBCLUSTER_STORM_SEEDS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : 4;
        for (var seed = 1; seed <= seeds; seed++)
        {
            output.WriteLine($"seed {seed}");
            await RunAsync(seed);
        }
    }

    private async Task RunAsync(int seed)
    {
        await server.EmptyAsync();
        using var metrics = new QueueMetrics();
        var time = new ManualClock();
        await using var queue = await server.OpenAsync(metrics, time, options => options with { SiteLimits = new SiteLimits(10, 1000) });
        await using var carrier = await StepCarrier.StartAsync(server.Daemon, time, shards: 1);
        var run = new Storm(queue, carrier, time, new Random(seed));
        await run.FillAsync(600);
        for (var step = 0; step < 300; step++)
        {
            await run.StepAsync();
            if (step % 25 == 0)
                await server.Daemon.ShouldBeSoundAsync();
        }

        await run.FinishAsync();
        await server.Daemon.ShouldBeSoundAsync();
    }

    private sealed class Storm(RedisMailQueue queue, StepCarrier carrier, ManualClock time, Random random)
    {
        private readonly List<ClaimResult.Granted> _claims = [];
        private readonly List<QueueRule> _rules = [];
        private readonly Dictionary<DeliveryId, string> _tenantOf = [];
        // For each drop that nobody took away: what it may leave, because it was under way at some time since.
        private readonly Dictionary<QueueRule, (HashSet<DeliveryId> Before, HashSet<DeliveryId> Excused)> _drops = [];

        public async Task FillAsync(int messages)
        {
            for (var i = 0; i < messages; i++)
                await EnqueueAsync();
        }

        public async Task StepAsync()
        {
            // Nobody else may carry rules out, as long as there is work or not.
            await carrier.TakeAsync("one");
            await (random.Next(100) switch
            {
                < 20 => EnqueueAsync(),
                < 35 => ClaimAsync(),
                < 55 => SettleAsync(),
                < 60 => ReleaseAsync(),
                < 62 => ReapAsync(),
                < 66 => AdvanceAsync(),
                < 72 => AddAsync(),
                < 75 => EndAsync(),
                _ => carrier.StepAsync("one"),
            });
        }

        public async Task FinishAsync()
        {
            await carrier.CarryOutAsync("one");
            foreach (var (rule, (before, excused)) in _drops)
                foreach (var id in before.Except(excused))
                    (await LeftAsync(id)).ShouldBeNull($"{rule} {rule.Id} left it");
            foreach (var rule in _rules.ToArray())
                await queue.EndRuleAsync(rule.Id, CancellationToken.None);
            await carrier.CarryOutAsync("one");
            (await queue.RulesAsync(CancellationToken.None)).ShouldBeEmpty();
            (await queue.CountAsync(CancellationToken.None)).Held.ShouldBe(0);
        }

        /// <summary>What was to bounce before is not dropped.</summary>
        private async Task<string?> LeftAsync(DeliveryId id) => (await queue.FindAsync(id.Message, CancellationToken.None))
            .FirstOrDefault(delivery => delivery.Id == id && delivery.Lane != LaneKey.Bounces)?.ToString();

        private async Task EnqueueAsync()
        {
            var message = Message(time.Now, To(Pick(Lanes)), To(Pick(Lanes))).Of(Pick(Tenants)) with
            {
                NotBefore = random.Next(3) == 0 ? time.Now.AddSeconds(random.Next(60)) : null,
            };
            await queue.StoreAsync(message);
            for (var ordinal = 0; ordinal < 2; ordinal++)
                _tenantOf[message.Delivery(ordinal)] = message.Envelope.Tenant;
        }

        private async Task ClaimAsync()
        {
            if (await queue.TryClaimAsync(Pick(Lanes), random.Next(1, 30), node: Pick(Nodes)) is not ClaimResult.Granted claim)
                return;
            _claims.Add(claim);
            foreach (var (_, excused) in _drops.Values)
                excused.UnionWith(claim.Deliveries.Select(delivery => delivery.Id));
        }

        private async Task SettleAsync()
        {
            if (_claims.Count == 0)
                return;
            var claim = Pick(_claims);
            var outcomes = claim.Deliveries.Where(_ => random.Next(2) == 0).Select(Outcome).ToList();
            await queue.SettleAsync(claim.Session, outcomes, CancellationToken.None);
        }

        private Settlement Outcome(ClaimedDelivery delivery) => random.Next(5) switch
        {
            0 => new Settlement.Deferred(delivery.Id, delivery.Recipients, TimeSpan.FromSeconds(random.Next(30)), CountsAttempt: true),
            1 => new Settlement.Returned(delivery.Id),
            2 => new Settlement.Rerouted(delivery.Id, Pick(Lanes)),
            _ => new Settlement.Done(delivery.Id, Sent: true),
        };

        private async Task ReleaseAsync()
        {
            if (_claims.Count > 0)
                await queue.ReleaseAsync(Pick(_claims).Session, CancellationToken.None);
        }

        private async Task ReapAsync()
        {
            // None of them beats: now all are overdue.
            time.Advance(TimeSpan.FromSeconds(11));
            await queue.ReapAsync(Pick(Nodes), CancellationToken.None);
        }

        private Task AdvanceAsync()
        {
            time.Advance(TimeSpan.FromSeconds(random.Next(20)));
            return Task.CompletedTask;
        }

        private async Task AddAsync()
        {
            var action = Pick(Enum.GetValues<RuleAction>());
            var tenant = Pick(Tenants);
            var rule = new QueueRule(RuleId.New(time.Now), action, new RuleTarget(RuleScope.Tenant, tenant), "because", time.Now)
            {
                Pool = action is RuleAction.Move ? Pick(Lanes).Pool : null,
                Until = action is RuleAction.Suspend or RuleAction.Hold && random.Next(2) == 0 ? time.Now.AddSeconds(random.Next(1, 60)) : null,
            };
            if (action is RuleAction.Drop)
                _drops[rule] = ([.. _tenantOf.Where(pair => pair.Value == tenant).Select(pair => pair.Key)], await UnderWayAsync());
            (await queue.AddRuleAsync(rule, CancellationToken.None)).ShouldBe(AddRuleResult.Added);
            _rules.Add(rule);
        }

        private async Task<HashSet<DeliveryId>> UnderWayAsync()
        {
            var found = new HashSet<DeliveryId>();
            foreach (var id in _claims.SelectMany(claim => claim.Deliveries).Select(delivery => delivery.Id).Distinct())
                if ((await queue.FindAsync(id.Message, CancellationToken.None)).Any(delivery => delivery.Id == id && delivery.Session is not null))
                    found.Add(id);
            return found;
        }

        private async Task EndAsync()
        {
            if (_rules.Count == 0)
                return;
            var rule = Pick(_rules);
            _rules.Remove(rule);
            _drops.Remove(rule);
            await queue.EndRuleAsync(rule.Id, CancellationToken.None);
        }

        private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
    }
}
