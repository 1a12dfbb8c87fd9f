using Shouldly;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Embedded;

/// <summary>The file cannot be written: because it is full, or because another connection holds its write lock.</summary>
public sealed class EmbeddedQueueFaultTests
{
    private static readonly MessageContent Large = new(default, new byte[100_000]);

    [Fact]
    public async Task Enqueue_FileFull_SaysSoAndStillStoresWhatFits()
    {
        await using var fixture = new EmbeddedFixture(options => options with { MaxPages = 64 });
        var stored = new List<NewMessage>();
        EnqueueResult result;
        while (true)
        {
            var message = LargeMessage(fixture);
            if ((result = await fixture.Queue.EnqueueAsync(message, CancellationToken.None)) is not EnqueueResult.Stored)
                break;
            stored.Add(message);
        }

        result.ShouldBe(EnqueueResult.Full);
        stored.Count.ShouldBeInRange(1, 5);
        fixture.Queue.IsAccepting(out _).ShouldBeTrue();
        (await fixture.Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(stored.Count);
        await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
        await fixture.ReopenAsync();
        (await fixture.Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(stored.Count + 1);
    }

    [Fact]
    public async Task Enqueue_FileFullForSomeOfMany_EachHearsItsOwnTruth()
    {
        await using var fixture = new EmbeddedFixture(options => options with { MaxPages = 64 });
        var messages = Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? LargeMessage(fixture) : Message(fixture.Time.Now)).ToArray();

        var tries = messages.Select(message => Task.Run(() => fixture.Queue.EnqueueAsync(message, CancellationToken.None)));
        var results = await Task.WhenAll(tries);

        results.ShouldContain(EnqueueResult.Full);
        results.Count(result => result is EnqueueResult.Stored).ShouldBeGreaterThan(5);
        await fixture.ReopenAsync();
        foreach (var (message, result) in messages.Zip(results))
        {
            var found = await fixture.Queue.FindAsync(message.Id, CancellationToken.None);
            found.Count.ShouldBe(result is EnqueueResult.Stored ? 1 : 0);
        }
    }

    [Fact]
    public async Task Settle_FileFull_StillWorksAndMakesRoom()
    {
        await using var fixture = new EmbeddedFixture(options => options with { MaxPages = 64 });
        while (await fixture.Queue.EnqueueAsync(LargeMessage(fixture), CancellationToken.None) is EnqueueResult.Stored)
        {
        }
        var claim = await fixture.Queue.ClaimAsync(Google);

        (await fixture.Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);

        await fixture.Queue.StoreAsync(LargeMessage(fixture));
    }

    [Fact]
    public async Task Store_CannotBeWritten_NothingIsAcceptedOrClaimedUntilItCan()
    {
        await using var fixture = new EmbeddedFixture();
        await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
        var refused = Message(fixture.Time.Now);
        var blocker = Block(fixture);

        (await fixture.Queue.EnqueueAsync(refused, CancellationToken.None)).ShouldBe(EnqueueResult.Unavailable);

        fixture.Queue.IsAccepting(out var reason).ShouldBeFalse();
        reason.ShouldBe(EnqueueResult.Unavailable);
        (await fixture.Queue.RefusedAsync(Google)).Reason.ShouldBe(WaitReason.StoreUnavailable);
        (await fixture.Queue.LanesAsync(1, CancellationToken.None))[0].Waits.ShouldBe(WaitReason.StoreUnavailable);
        var next = fixture.Queue.NextAsync();
        next.IsCompleted.ShouldBeFalse();
        (await fixture.Queue.FindAsync(refused.Id, CancellationToken.None)).ShouldBeEmpty();

        blocker.Dispose();
        await AdvanceUntilAsync(fixture, next);
        fixture.Queue.IsAccepting(out _).ShouldBeTrue();
        (await fixture.Queue.ClaimAsync(Google)).Deliveries.Count.ShouldBe(1);
        await fixture.Queue.StoreAsync(refused);
    }

    [Fact]
    public async Task Settle_StoreCannotBeWritten_TriesUntilItCan()
    {
        await using var fixture = new EmbeddedFixture();
        var message = await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
        var claim = await fixture.Queue.ClaimAsync(Google);
        var blocker = Block(fixture);
        var settle = fixture.Queue.SettleAsync(claim.Session, claim.Sent());
        await UntilAsync(() => !fixture.Queue.IsAccepting(out _));
        settle.IsCompleted.ShouldBeFalse();

        blocker.Dispose();
        await AdvanceUntilAsync(fixture, settle);

        (await settle).ShouldBe(SettleVerdict.Settled);
        await fixture.ReopenAsync();
        (await fixture.Queue.FindAsync(message.Id, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settle_GivenUp_TheSessionHoldsTheDeliveryAgain()
    {
        await using var fixture = new EmbeddedFixture();
        await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
        var claim = await fixture.Queue.ClaimAsync(Google);
        using var cancellation = new CancellationTokenSource();
        using (Block(fixture))
        {
            var settle = fixture.Queue.SettleAsync(claim.Session, [claim.Sent()], cancellation.Token);
            await UntilAsync(() => !fixture.Queue.IsAccepting(out _));
            await cancellation.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(settle);
        }

        (await fixture.Queue.CountAsync(CancellationToken.None)).Claimed.ShouldBe(1);
        (await fixture.Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);
    }

    [Fact]
    public async Task Settle_GivenUpAfterItsSessionWasReaped_WaitsAgainMarked()
    {
        await using var fixture = new EmbeddedFixture();
        await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
        var claim = await fixture.Queue.ClaimAsync(Google);
        using var cancellation = new CancellationTokenSource();
        using (Block(fixture))
        {
            var settle = fixture.Queue.SettleAsync(claim.Session, [claim.Sent()], cancellation.Token);
            await UntilAsync(() => !fixture.Queue.IsAccepting(out _));
            fixture.Time.Advance(TimeSpan.FromSeconds(11));
            (await fixture.Queue.ReapAsync(NodeA, CancellationToken.None)).ShouldBe(0);
            (await fixture.Queue.CountAsync(CancellationToken.None)).Claimed.ShouldBe(1);
            await cancellation.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(settle);
        }
        await AdvanceUntilAsync(fixture, fixture.Queue.NextAsync());

        (await fixture.Queue.ClaimAsync(Google)).Deliveries[0].MayHaveBeenSent.ShouldBeTrue();
    }

    [Fact]
    public async Task Enqueue_CancelledAfterHandover_HearsTheTruth()
    {
        await using var fixture = new EmbeddedFixture();
        using var cancellation = new CancellationTokenSource();
        var message = Message(fixture.Time.Now);
        var blocker = Block(fixture);
        var enqueue = fixture.Queue.EnqueueAsync(message, cancellation.Token);

        await cancellation.CancelAsync();
        blocker.Dispose();

        var stored = await enqueue is EnqueueResult.Stored;
        (await fixture.Queue.FindAsync(message.Id, CancellationToken.None)).Count.ShouldBe(stored ? 1 : 0);
    }

    [Fact]
    public async Task Enqueue_LittleSpaceFree_IsFullUntilThereIsMore()
    {
        var free = 2_000_000L;
        await using var fixture = new EmbeddedFixture(options => options with { MinFree = 1_000_000, FreeOctets = () => free });
        await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
        free = 500_000;
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => !fixture.Queue.IsAccepting(out _));

        (await fixture.Queue.EnqueueAsync(Message(fixture.Time.Now), CancellationToken.None)).ShouldBe(EnqueueResult.Full);
        var claim = await fixture.Queue.ClaimAsync(Google);
        (await fixture.Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);

        free = 2_000_000;
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => fixture.Queue.IsAccepting(out _));
        await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
    }

    [Fact]
    public async Task Enqueue_MoreThanWasFreeAtTheLastLook_IsFullUntilTheNext()
    {
        await using var fixture = new EmbeddedFixture(options => options with { MinFree = 1_000_000, FreeOctets = () => 1_250_000 });
        await fixture.Queue.StoreAsync(LargeMessage(fixture));
        await fixture.Queue.StoreAsync(LargeMessage(fixture));

        (await fixture.Queue.EnqueueAsync(LargeMessage(fixture), CancellationToken.None)).ShouldBe(EnqueueResult.Full);

        await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => fixture.Queue.IsAccepting(out _));
    }

    [Fact]
    public async Task Enqueue_LittleSpaceFreeButRoomInTheFile_IsStored()
    {
        await using var fixture = new EmbeddedFixture(options => options with { MinFree = 50_000, FreeOctets = () => 0, MaxPages = 1000 });
        fixture.Queue.IsAccepting(out var reason).ShouldBeFalse();
        reason.ShouldBe(EnqueueResult.Full);
        using (var database = SqliteDatabase.Open(fixture.Database, readOnly: false))
            database.Execute("CREATE TABLE t(x); INSERT INTO t VALUES(zeroblob(100000)); DROP TABLE t");

        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => fixture.Queue.IsAccepting(out _));

        await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
    }

    [Fact]
    public async Task Enqueue_AsMuchContentAsAllowed_IsFullUntilSomeGoes()
    {
        await using var fixture = new EmbeddedFixture(options => options with { MaxContent = 200_000 });
        await fixture.Queue.StoreAsync(LargeMessage(fixture));
        var larger = Message(fixture.Time.Now) with { Content = new MessageContent(default, new byte[100_001]) };
        (await fixture.Queue.EnqueueAsync(larger, CancellationToken.None)).ShouldBe(EnqueueResult.Full);
        var second = await fixture.Queue.StoreAsync(LargeMessage(fixture));

        fixture.Queue.IsAccepting(out var reason).ShouldBeFalse();
        reason.ShouldBe(EnqueueResult.Full);
        (await fixture.Queue.EnqueueAsync(Message(fixture.Time.Now), CancellationToken.None)).ShouldBe(EnqueueResult.Full);
        (await fixture.Queue.EnqueueAsync(second, CancellationToken.None)).ShouldBe(EnqueueResult.AlreadyStored);

        await fixture.ReopenAsync();
        fixture.Queue.IsAccepting(out _).ShouldBeFalse();
        var claim = await fixture.Queue.ClaimAsync(Google);
        await fixture.Queue.SettleAsync(claim.Session, claim.Sent());
        await fixture.Queue.StoreAsync(LargeMessage(fixture));
    }

    [Fact]
    public async Task Enqueue_WhatReplacesMail_IsStoredThoughThereIsNoRoomForMail()
    {
        await using var fixture = new EmbeddedFixture(options => options with { MaxContent = 100_000 });
        await fixture.Queue.StoreAsync(LargeMessage(fixture));
        (await fixture.Queue.EnqueueAsync(Message(fixture.Time.Now), CancellationToken.None)).ShouldBe(EnqueueResult.Full);

        await fixture.Queue.StoreAsync(Message(fixture.Time.Now) with { ReplacesMail = true });

        var claim = await fixture.Queue.ClaimAsync(Google, most: 2);
        await fixture.Queue.SettleAsync(claim.Session, claim.Sent(0));
        await fixture.Queue.SettleAsync(claim.Session, claim.Sent(1));
        await fixture.Queue.StoreAsync(LargeMessage(fixture));
    }

    [Fact]
    public async Task Enqueue_WhatReplacesMail_LeavesHalfOfTheFloorForOutcomes()
    {
        var free = 600_000L;
        await using var fixture = new EmbeddedFixture(options => options with { MinFree = 1_000_000, FreeOctets = () => free });
        (await fixture.Queue.EnqueueAsync(Message(fixture.Time.Now), CancellationToken.None)).ShouldBe(EnqueueResult.Full);

        await fixture.Queue.StoreAsync(Message(fixture.Time.Now) with { ReplacesMail = true });
        (await fixture.Queue.EnqueueAsync(LargeMessage(fixture) with { ReplacesMail = true }, CancellationToken.None)).ShouldBe(EnqueueResult.Full);
    }

    [Fact]
    public async Task Read_FileCannotBeRead_SaysThatTheStoreIsAway()
    {
        await using var fixture = new EmbeddedFixture(options => options with { HotOctets = 0 });
        var message = await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
        using (var database = SqliteDatabase.Open(fixture.Database, readOnly: false))
            foreach (var table in new[] { "messages", "deliveries", "events", "feeds" })
                database.Execute($"ALTER TABLE {table} RENAME TO lost_{table}");
        Func<Task>[] looks =
        [
            async () => await fixture.Queue.ContentAsync(message.Id),
            async () => await fixture.Queue.FindAsync(message.Id, CancellationToken.None),
            async () => await fixture.Queue.TimelineAsync(message.Id, CancellationToken.None),
            async () => await fixture.Queue.ReadAsync(null, 10, CancellationToken.None),
            async () => await fixture.Queue.CursorAsync(null, CancellationToken.None),
            async () => await fixture.Queue.HoldAsync("feed", NodeA, TimeSpan.FromSeconds(10), CancellationToken.None),
            async () => await fixture.Queue.ShowAsync("feed", CancellationToken.None),
        ];

        foreach (var look in looks)
            await Should.ThrowAsync<QueueUnavailableException>(look);
    }

    [Fact]
    public async Task Closed_Queue_AcceptsNothing()
    {
        await using var fixture = new EmbeddedFixture();
        var next = fixture.Queue.NextAsync();
        await fixture.Queue.DisposeAsync();

        fixture.Queue.IsAccepting(out _).ShouldBeFalse();
        (await fixture.Queue.EnqueueAsync(Message(fixture.Time.Now), CancellationToken.None)).ShouldBe(EnqueueResult.Unavailable);
        await Should.ThrowAsync<ObjectDisposedException>(next);
    }

    private static NewMessage LargeMessage(EmbeddedFixture fixture) => Message(fixture.Time.Now) with { Content = Large };

    /// <summary>Holds the file's write lock, as a stuck disk or another program does.</summary>
    private static SqliteDatabase Block(EmbeddedFixture fixture)
    {
        var database = SqliteDatabase.Open(fixture.Database, readOnly: false);
        database.Execute("BEGIN IMMEDIATE; UPDATE probe SET count=count");
        return database;
    }

    private static async Task AdvanceUntilAsync(EmbeddedFixture fixture, Task task)
    {
        for (var i = 0; i < 1000 && !task.IsCompleted; i++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(task, Task.Delay(10));
        }
        task.IsCompleted.ShouldBeTrue();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1000 && !condition(); i++)
            await Task.Delay(10);
        condition().ShouldBeTrue();
    }
}
