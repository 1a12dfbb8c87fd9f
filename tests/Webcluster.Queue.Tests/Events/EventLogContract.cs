using System.Collections.Concurrent;
using Shouldly;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Traffic;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Events;

/// <summary>What every implementation of <see cref="IEventLog"/> does. One class for each derives from it.</summary>
public abstract partial class EventLogContract : QueueContract
{
    private readonly Told _told = new();

    /// <summary>The queue has these.</summary>
    protected EventOptions Events => new() { Node = "node-a", Keep = TimeSpan.FromHours(1), Most = 40, Listeners = [_told] };

    private IEventLog Log => (IEventLog)Queue;

    [ContractFact]
    public async Task Enqueue_Stored_IsAcceptedOnce()
    {
        var message = await Queue.StoreAsync(Message(Now, To(Google, MailClass.Bulk, "anna", "bernd"), To(Yahoo, MailClass.Bulk, "carl")));
        await Queue.EnqueueAsync(message, CancellationToken.None);

        var accepted = (await TimelineAsync(message)).ShouldHaveSingleItem();

        accepted.Kind.ShouldBe(MailEventKind.Accepted);
        (accepted.Message, accepted.Tenant, accepted.Class, accepted.Sender).ShouldBe((message.Id.ToString(), "acme", "bulk", "sender@sender.example"));
        accepted.Recipients.ShouldBe(["anna@rcpt.example", "bernd@rcpt.example", "carl@rcpt.example"]);
        (accepted.Size, accepted.Node, accepted.At).ShouldBe((message.Content.Length, "node-a", message.AcceptedAt));
        _told.Events.ShouldHaveSingleItem().Kind.ShouldBe(MailEventKind.Accepted);
    }

    [ContractFact]
    public async Task Settle_Counted_HasItsEventsInTheirOrder()
    {
        var message = await Queue.StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google);
        await Queue.SettleAsync(claim.Session, claim.Deferred(TimeSpan.Zero) with { Events = [Event(MailEventKind.Deferred, message)] });
        claim = await Queue.ClaimAsync(Google, 1, claim.Session);
        await Queue.SettleAsync(claim.Session, claim.Sent() with
        {
            Events = [Event(MailEventKind.PossibleDuplicate, message), Event(MailEventKind.Delivered, message)],
        });
        await RestartAsync();

        (await TimelineAsync(message)).Select(each => each.Kind).ShouldBe(
            [MailEventKind.Accepted, MailEventKind.Deferred, MailEventKind.PossibleDuplicate, MailEventKind.Delivered]);
        _told.Events.Count.ShouldBe(4);
    }

    [ContractFact]
    public async Task Settle_Refused_HasNone()
    {
        var message = await Queue.StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google);
        await Queue.ReleaseAsync(claim.Session, CancellationToken.None);

        await Queue.SettleAsync(claim.Session, claim.Deferred(TimeSpan.Zero) with { Events = [Event(MailEventKind.Deferred, message)] });

        (await TimelineAsync(message)).ShouldHaveSingleItem();
        _told.Events.ShouldHaveSingleItem();
    }

    [ContractFact]
    public async Task Settle_Late_HasItsEvents()
    {
        var message = await Queue.StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google);
        await Queue.ReleaseAsync(claim.Session, CancellationToken.None);

        await Queue.SettleAsync(claim.Session, claim.Sent() with { Events = [Event(MailEventKind.Delivered, message)] });

        (await TimelineAsync(message)).Count.ShouldBe(2);
    }

    [ContractFact]
    public async Task Adjust_OnlyWhereItChanges_HasAnEvent()
    {
        var control = (ITrafficControl)Queue;
        await control.AdjustAsync("google", "", new Adjustment.Suspend(TimeSpan.FromMinutes(5)), "421 later", CancellationToken.None);
        await control.AdjustAsync("google", "", new Adjustment.Suspend(TimeSpan.FromMinutes(1)), "421 again", CancellationToken.None);

        var change = (await Log.ReadAsync(null, 10, CancellationToken.None)).Events.ShouldHaveSingleItem().Event;

        (change.Kind, change.Provider, change.Source, change.Reply).ShouldBe((MailEventKind.SourceChanged, "google", "system", "421 later"));
        change.Reason.ShouldBe("suspended for 300 s");
    }

    [ContractFact]
    public async Task Drop_ByRule_HasAnEventWithTheRule()
    {
        var message = await Queue.StoreAsync(Message(Now));
        var rule = new QueueRule(RuleId.New(Now), RuleAction.Drop, new RuleTarget(RuleScope.Tenant, "acme"), "test", Now);
        await ((IQueueRules)Queue).AddRuleAsync(rule, CancellationToken.None);

        var dropped = await EventuallyAsync(message, 2);

        (dropped.Kind, dropped.Rule, dropped.Tenant, dropped.Pool).ShouldBe((MailEventKind.Dropped, rule.Id.ToString(), "acme", "main"));
        (await ToldAsync(2)).ShouldBe(dropped);
    }

    [ContractFact]
    public async Task Move_ByRule_HasAnEventWithTheRule()
    {
        var message = await Queue.StoreAsync(Message(Now));
        var rule = new QueueRule(RuleId.New(Now), RuleAction.Move, new RuleTarget(RuleScope.Tenant, "acme"), "test", Now) { Pool = "bulk" };
        await ((IQueueRules)Queue).AddRuleAsync(rule, CancellationToken.None);

        var moved = await EventuallyAsync(message, 2);

        (moved.Kind, moved.Pool, moved.Rule).ShouldBe((MailEventKind.Moved, "main", rule.Id.ToString()));
        (await ToldAsync(2)).ShouldBe(moved);
    }

    [ContractFact]
    public async Task Hold_OfAMessage_StandsInItsTimelineWithTheReason()
    {
        var message = await Queue.StoreAsync(Message(Now));
        var rule = new QueueRule(RuleId.New(Now), RuleAction.Hold, new RuleTarget(RuleScope.Message, message.Id.ToString()), "asked for", Now);

        await ((IQueueRules)Queue).AddRuleAsync(rule, CancellationToken.None);
        await ((IQueueRules)Queue).AddRuleAsync(rule, CancellationToken.None);

        var held = (await TimelineAsync(message))[^1];
        (held.Kind, held.Rule, held.Reason, held.Node, held.Tenant).ShouldBe((MailEventKind.Held, rule.Id.ToString(), "asked for", "node-a", "acme"));
        _told.Events.Select(each => each.Kind).ShouldBe([MailEventKind.Accepted, MailEventKind.Held]);
        (await Log.ReadAsync(null, 10, CancellationToken.None)).Events.Count.ShouldBe(2);
    }

    [ContractFact]
    public async Task Suspend_OfALane_IsOneEventForAllOfIt()
    {
        await Queue.StoreAsync(Message(Now));
        var rule = new QueueRule(RuleId.New(Now), RuleAction.Suspend, new RuleTarget(RuleScope.Lane, Google.ToString()), "trouble there", Now);

        await ((IQueueRules)Queue).AddRuleAsync(rule, CancellationToken.None);

        var held = (await Log.ReadAsync(null, 10, CancellationToken.None)).Events.Last().Event;
        (held.Kind, held.Message, held.Provider, held.Site, held.Pool).ShouldBe((MailEventKind.Held, null, "google", Google.Site, "main"));
    }

    [ContractFact]
    public async Task Append_OfAMessageLongGone_StandsInItsTimeline()
    {
        var message = Message(Now);
        await Log.AppendAsync([Event(MailEventKind.Complained, message)], CancellationToken.None);
        await Log.AppendAsync([new MailEvent { Kind = MailEventKind.Unsubscribed, At = Now }], CancellationToken.None);

        (await TimelineAsync(message)).ShouldHaveSingleItem().Kind.ShouldBe(MailEventKind.Complained);
        (await Log.ReadAsync(null, 10, CancellationToken.None)).Events.Count.ShouldBe(2);
    }

    [ContractFact]
    public async Task Read_PageByPage_ComesToTheEndAndGoesOnFromThere()
    {
        for (var i = 0; i < 7; i++)
            await AppendAsync($"{i}");
        var (seen, cursor) = (new List<StoredEvent>(), (string?)null);
        for (var page = await Log.ReadAsync(cursor, 3, CancellationToken.None); page.Events.Count > 0;
             page = await Log.ReadAsync(cursor, 3, CancellationToken.None))
        {
            page.Events.Count.ShouldBeLessThanOrEqualTo(3);
            seen.AddRange(page.Events);
            cursor = page.Cursor;
        }

        seen.Select(each => each.Event.Reason).ShouldBe(["0", "1", "2", "3", "4", "5", "6"]);
        seen.Select(each => each.Id).Distinct().Count().ShouldBe(7);
        await AppendAsync("8");
        var more = (await Log.ReadAsync(cursor, 3, CancellationToken.None)).Events.ShouldHaveSingleItem();
        more.Event.Reason.ShouldBe("8");
        (await Log.ReadAsync(cursor, 3, CancellationToken.None)).Events.ShouldHaveSingleItem().Id.ShouldBe(more.Id);
    }

    [ContractFact]
    public async Task Read_FarBehind_HasWhatHappenedInItsOrderWhereverItWas()
    {
        LaneKey[] lanes = [Google, Yahoo, new LaneKey("one.example", "one.example", "main"), new LaneKey("two.example", "two.example", "main")];
        List<string> happened = [];
        for (var i = 0; i < 12; i++)
        {
            var message = await Queue.StoreAsync(Message(Now, [.. lanes.Select(lane => To(lane))]));
            happened.Add($"{message.Id} accepted");
            foreach (var lane in i % 2 == 0 ? lanes : lanes.Reverse())
            {
                Time.Advance(TimeSpan.FromMilliseconds(1));
                var claim = await Queue.ClaimAsync(lane);
                await Queue.SettleAsync(claim.Session, claim.Sent() with { Events = [Event(MailEventKind.Delivered, message) with { Site = lane.Site }] });
                await Queue.ReleaseAsync(claim.Session, CancellationToken.None);
                happened.Add($"{message.Id} {lane.Site}");
            }

            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        List<string> read = [];
        for (var page = await Log.ReadAsync(null, 7, CancellationToken.None); page.Events.Count > 0;
             page = await Log.ReadAsync(page.Cursor, 7, CancellationToken.None))
            read.AddRange(page.Events.Select(each => $"{each.Event.Message} {each.Event.Site ?? "accepted"}"));

        read.ShouldBe(happened);
    }

    [ContractFact]
    public async Task Cursor_OfNow_HasNothingBehindIt()
    {
        var empty = await Log.CursorAsync(null, CancellationToken.None);
        await AppendAsync("one");
        (await Log.ReadAsync(empty, 10, CancellationToken.None)).Events.Count.ShouldBe(1);
        var behind = await Log.CursorAsync(null, CancellationToken.None);
        (await Log.ReadAsync(behind, 10, CancellationToken.None)).Events.ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMinutes(1));
        await AppendAsync("two");

        var before = await Log.CursorAsync(Now - TimeSpan.FromSeconds(30), CancellationToken.None);

        (await Log.ReadAsync(before, 10, CancellationToken.None)).Events.ShouldHaveSingleItem().Event.Reason.ShouldBe("two");
    }

    [ContractFact]
    public async Task Read_ThatIsNoCursor_Throws() =>
        await Should.ThrowAsync<ArgumentException>(async () => await Log.ReadAsync("rubbish", 1, CancellationToken.None));

    [ContractFact]
    public async Task Trim_TooMany_TheOldestGoAndAreMissed()
    {
        await AppendAsync("first");
        var cursor = (await Log.ReadAsync(null, 10, CancellationToken.None)).Cursor;
        var message = Message(Now);
        for (var i = 0; i < 60; i++)
            await Log.AppendAsync([Event(MailEventKind.Deferred, message) with { Reason = $"{i}" }], CancellationToken.None);

        await TrimAsync(() => Log.ReadAsync(null, 100, CancellationToken.None), page => page.Events.Count == 40);

        var page = await Log.ReadAsync(cursor, 100, CancellationToken.None);
        page.Events[0].Event.Reason.ShouldBe("20");
        page.Missed.ShouldBe(20);
        (await Log.ReadAsync(page.Cursor, 100, CancellationToken.None)).Missed.ShouldBe(0);
        (await TimelineAsync(message)).Count.ShouldBe(40);
    }

    [ContractFact]
    public async Task Trim_TooOld_Goes()
    {
        var message = await Queue.StoreAsync(Message(Now));
        Time.Advance(TimeSpan.FromMinutes(40));
        await AppendAsync("young");
        Time.Advance(TimeSpan.FromMinutes(21));

        await TrimAsync(() => Log.ReadAsync(null, 100, CancellationToken.None), page => page.Events.Count == 1);

        (await TimelineAsync(message)).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Trim_ManyTimesTooMany_TakesOneCall()
    {
        for (var i = 0; i < 7; i++)
            await Log.AppendAsync([.. Enumerable.Repeat(Event(MailEventKind.Deferred, Message(Now)), 500)], CancellationToken.None);
        await AppendAsync("last");

        Time.Advance(TimeSpan.FromSeconds(1));
        await Queue.TendAsync(NodeA, CancellationToken.None);

        var page = await Log.ReadAsync(null, 100, CancellationToken.None);
        for (var tries = 0; page.Events.Count > 40; tries++)
        {
            tries.ShouldBeLessThan(3000);
            await Task.Delay(5);
            page = await Log.ReadAsync(null, 100, CancellationToken.None);
        }

        page.Events.Count.ShouldBe(40);
        page.Events[^1].Event.Reason.ShouldBe("last");
    }

    private static MailEvent Event(MailEventKind kind, NewMessage message) =>
        new() { Kind = kind, At = message.AcceptedAt, Message = message.Id.ToString(), Recipient = "user@rcpt.example" };

    private ValueTask AppendAsync(string reason) =>
        Log.AppendAsync([new MailEvent { Kind = MailEventKind.LimitChanged, At = Now, Reason = reason }], CancellationToken.None);

    private async Task<List<MailEvent>> TimelineAsync(NewMessage message) =>
        [.. (await Log.TimelineAsync(message.Id, CancellationToken.None)).Select(each => each.Event)];

    /// <summary>The last of so many, once there are as many.</summary>
    private async Task<MailEvent> EventuallyAsync(NewMessage message, int count)
    {
        for (var tries = 0; ; tries++)
        {
            var events = await TimelineAsync(message);
            if (events.Count >= count)
                return events[^1];
            tries.ShouldBeLessThan(3000);
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(5);
        }
    }

    /// <summary>The last that the listener was told of, once they are as many.</summary>
    private async Task<MailEvent> ToldAsync(int count)
    {
        for (var tries = 0; _told.Events.Count < count; tries++)
        {
            tries.ShouldBeLessThan(3000);
            await Task.Delay(5);
        }

        return _told.Events.Last();
    }

    /// <summary>The queue trims when it is tended, or with its own clock.</summary>
    private async Task TrimAsync(Func<ValueTask<EventPage>> read, Func<EventPage, bool> isDone)
    {
        for (var tries = 0; !isDone(await read()); tries++)
        {
            tries.ShouldBeLessThan(3000);
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await Queue.TendAsync(NodeA, CancellationToken.None);
            await Task.Delay(5);
        }
    }

    private sealed class Told : IEventListener
    {
        public ConcurrentQueue<MailEvent> Events { get; } = [];

        public void Happened(IReadOnlyList<MailEvent> events)
        {
            foreach (var happened in events)
                Events.Enqueue(happened);
        }
    }
}
