using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests;

/// <summary>Random operations on the queue and on the naive one; every answer is compared.</summary>
public abstract partial class MailQueueContract
{
    private static readonly LaneKey[] ModelLanes = [Google, GoogleBulk, Yahoo];
    private static readonly NodeId[] ModelNodes = [NodeA, NodeB];

    [ContractTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Everything_InRandomOrder_IsAsTheModelSays(int seed)
    {
        var run = new ModelRun(this, new Random(seed), new NaiveQueue(Limits) { Now = Now });
        for (var step = 0; step < 1500; step++)
            await run.StepAsync($"seed {seed}, step {step}");
        await run.DrainAsync();
    }

    /// <summary>Do claims end when the queue is closed? Else they outlive the node's process, until the node is reaped.</summary>
    protected abstract bool RestartEndsClaims { get; }

    private sealed class ModelRun(MailQueueContract contract, Random random, NaiveQueue model)
    {
        private readonly List<SessionId> everySession = [new SessionId(Guid.NewGuid())];
        private string at = "";

        private IMailQueue Queue => contract.Queue;

        public async Task StepAsync(string where)
        {
            at = where;
            await (random.Next(100) switch
            {
                < 25 => EnqueueAsync(),
                < 55 => ClaimAsync(),
                < 80 => SettleAsync(),
                < 88 => ReleaseAsync(),
                < 90 => ReapAsync(),
                < 96 => AdvanceAsync(),
                < 97 => PauseAsync(),
                < 98 => TroubleAsync(),
                98 => RestartAsync(),
                _ => NextAsync(),
            });
            model.Forget();
            await CompareCountsAsync();
        }

        /// <summary>In the end everything that was stored and not settled is still there to be delivered.</summary>
        public async Task DrainAsync()
        {
            foreach (var session in everySession)
            {
                await Queue.ReleaseAsync(session, CancellationToken.None);
                model.Release(session);
            }
            contract.Time.Jump(TimeSpan.FromDays(1));
            var left = model.Deliveries.ToDictionary(delivery => delivery.Id);
            foreach (var lane in ModelLanes)
                while (await Queue.TryClaimAsync(lane, 5) is ClaimResult.Granted claim)
                {
                    foreach (var delivery in claim.Deliveries)
                    {
                        left.Remove(delivery.Id, out var expected).ShouldBeTrue();
                        delivery.Recipients.ShouldBe(expected!.Recipients);
                    }
                    var sent = claim.Deliveries.Select(delivery => new Settlement.Done(delivery.Id, Sent: true)).ToArray();
                    await Queue.SettleAsync(claim.Session, sent, CancellationToken.None);
                    await Queue.ReleaseAsync(claim.Session, CancellationToken.None);
                }
            left.ShouldBeEmpty();
            var counts = await Queue.CountAsync(CancellationToken.None);
            (counts.Messages, counts.ContentOctets, counts.Lanes, counts.Sessions).ShouldBe((0L, 0L, 0, 0));
        }

        private async Task EnqueueAsync()
        {
            var deliveries = Enumerable.Range(0, random.Next(1, 4)).Select(_ => To(Pick(ModelLanes), (MailClass)random.Next(3))).ToArray();
            var message = Message(contract.Now, deliveries).Of("tenant" + random.Next(2));
            if (random.Next(4) == 0)
                message = message with { NotBefore = contract.Now.AddSeconds(random.Next(1, 30)) };
            model.Enqueue(await Queue.StoreAsync(message));
        }

        private async Task ClaimAsync()
        {
            SessionId? session = random.Next(2) == 0 ? null : AnySession();
            var request = model.Sessions.Find(open => open.Id == session) is { } known && random.Next(10) > 0
                ? new ClaimRequest(known.Node, known.Lane, session, random.Next(1, 4), random.Next(600))
                : new ClaimRequest(Pick(ModelNodes), Pick(ModelLanes), session, random.Next(1, 4), random.Next(600));
            var result = await Queue.ClaimAsync(request, CancellationToken.None);
            if (model.Refusal(request) is { } reason)
            {
                result.ShouldBeOfType<ClaimResult.NotNow>(at).Reason.ShouldBe(reason, at);
                return;
            }
            var granted = result.ShouldBeOfType<ClaimResult.Granted>(at);
            granted.Deliveries.Count.ShouldBe(model.GrantedCount(request), at);
            if (session is null)
                everySession.Add(granted.Session);
            foreach (var delivery in granted.Deliveries)
            {
                var expected = model.Heads(request.Lane).FirstOrDefault(head => head.Id == delivery.Id).ShouldNotBeNull(at);
                delivery.Recipients.ShouldBe(expected.Recipients, at);
                (delivery.Attempts, delivery.MayHaveBeenSent).ShouldBe((expected.Attempts, expected.MayHaveBeenSent), at);
                model.Grant(request, granted.Session, expected);
            }
        }

        private async Task SettleAsync()
        {
            var session = AnySession();
            var outcomes = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Outcome(session)).OfType<Settlement>()
                .DistinctBy(outcome => outcome.Delivery).ToList();

            var verdicts = await Queue.SettleAsync(session, outcomes, CancellationToken.None);

            verdicts.ShouldBe(outcomes.ConvertAll(outcome => model.Settle(session, outcome)), at);
        }

        private async Task ReleaseAsync()
        {
            var session = AnySession();
            await Queue.ReleaseAsync(session, CancellationToken.None);
            model.Release(session);
        }

        private async Task ReapAsync()
        {
            var node = Pick(ModelNodes);
            // None of them beats: now all are overdue.
            contract.Time.Advance(TimeSpan.FromSeconds(11));
            model.Now = contract.Now;
            (await Queue.ReapAsync(node, CancellationToken.None)).ShouldBe(model.Reap(node), at);
        }

        private Task AdvanceAsync()
        {
            contract.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 10)));
            model.Now = contract.Now;
            return Task.CompletedTask;
        }

        private async Task PauseAsync()
        {
            var (lane, pause) = (Pick(ModelLanes), TimeSpan.FromSeconds(random.Next(10)));
            await Queue.PauseLaneAsync(lane, pause, CancellationToken.None);
            model.Pause(lane, pause);
        }

        private async Task TroubleAsync()
        {
            var lane = Pick(ModelLanes);
            (await Queue.TroubledAsync(lane, CancellationToken.None)).ShouldBe(model.Troubled(lane), at);
        }

        private async Task RestartAsync()
        {
            await contract.RestartAsync();
            if (contract.RestartEndsClaims)
                model.Restart();
        }

        private async Task NextAsync()
        {
            var expected = model.Claimable().ToList();
            if (expected.Count > 0)
                (await contract.Queue.NextAsync()).ShouldBe(expected, ignoreOrder: true, at);
        }

        private async Task CompareCountsAsync()
        {
            var counts = await Queue.CountAsync(CancellationToken.None);
            var waiting = model.Deliveries.Where(delivery => delivery.Holder is null).ToList();
            counts.Messages.ShouldBe(model.Deliveries.Select(delivery => delivery.Id.Message).Distinct().Count(), at);
            counts.Ready.ShouldBe(waiting.Count(delivery => delivery.Due <= contract.Now), at);
            counts.Scheduled.ShouldBe(waiting.Count(delivery => delivery.Due > contract.Now), at);
            counts.Claimed.ShouldBe(model.Deliveries.Count - waiting.Count, at);
            counts.Sessions.ShouldBe(model.Sessions.Count, at);
        }

        /// <summary>About something the session holds, mostly; else about anything.</summary>
        private Settlement? Outcome(SessionId session)
        {
            var held = model.Deliveries.FindAll(delivery => delivery.Holder == session);
            var some = held.Count > 0 && random.Next(5) > 0 ? held : model.Deliveries;
            if (some.Count == 0)
                return null;
            var delivery = some[random.Next(some.Count)];
            return random.Next(6) switch
            {
                0 => new Settlement.Deferred(
                    delivery.Id, [Recipient("left" + random.Next(100)) with { LastReply = "450 later" }],
                    TimeSpan.FromSeconds(random.Next(20)), random.Next(2) == 0),
                1 => new Settlement.Returned(delivery.Id),
                2 => new Settlement.Rerouted(delivery.Id, Pick(ModelLanes)),
                3 => new Settlement.Done(delivery.Id, Sent: false),
                _ => new Settlement.Done(delivery.Id, Sent: true),
            };
        }

        /// <summary>An open session, mostly; else one that was.</summary>
        private SessionId AnySession() =>
            model.Sessions.Count > 0 && random.Next(4) > 0 ? model.Sessions[random.Next(model.Sessions.Count)].Id : Pick(everySession);

        private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
    }
}
