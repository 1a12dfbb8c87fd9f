using Shouldly;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Embedded;

public sealed class EmbeddedTrafficRestartTests
{
    private static readonly TrafficOffer Offer = new([new SourceOffer("new", 1, TrafficLimits.None, new WarmupPlan("plan", [5, 10]))], TrafficLimits.None);

    [Fact]
    public async Task Reopen_WarmupAndSuspension_GoOnWhereTheyWere()
    {
        await using var fixture = new EmbeddedFixture();
        await fixture.Queue.StoreAsync(Message(fixture.Time.Now, [.. Enumerable.Range(0, 20).Select(_ => To(Google))]));
        (await ClaimAsync(fixture, 3)).ShouldBe(3);
        await AdjustAsync(fixture, "other", new Adjustment.Suspend(TimeSpan.FromHours(1)));

        await fixture.ReopenAsync();

        var status = await fixture.Queue.TrafficAsync("google", CancellationToken.None);
        status[0].ShouldBe(new TrafficStatus("google", "new", 0, null, null, null, null, null, null, new WarmupStatus("plan", 1, 3)));
        status[1].SuspendedUntil.ShouldBe(fixture.Time.Now.AddHours(1));
        status[1].Reply.ShouldBe("421 no");
        status[1].ChangedAt.ShouldBe(fixture.Time.Now);
        (await ClaimAsync(fixture, 20)).ShouldBe(2);
        fixture.Time.Jump(TimeSpan.FromDays(1));
        (await ClaimAsync(fixture, 20)).ShouldBe(10);
        await fixture.ReopenAsync();
        fixture.Time.Jump(TimeSpan.FromDays(1));
        (await ClaimAsync(fixture, 20)).ShouldBe(20);
        await fixture.ReopenAsync();
        (await fixture.Queue.TrafficAsync("google", CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reopen_WarmupThatWasSet_GoesOnThere()
    {
        await using var fixture = new EmbeddedFixture();
        await fixture.Queue.StoreAsync(Message(fixture.Time.Now, [.. Enumerable.Range(0, 20).Select(_ => To(Google))]));
        await fixture.Queue.SetWarmupAsync("google", "new", Offer.Sources[0].Warmup!, 2, CancellationToken.None);

        await fixture.ReopenAsync();

        (await ClaimAsync(fixture, 20)).ShouldBe(10);
    }

    [Fact]
    public async Task Batch_AfterAChange_TakesItAlong()
    {
        await using var fixture = new EmbeddedFixture();
        Rows(fixture).ShouldBe(0);

        // Its event is written; that is a batch.
        await AdjustAsync(fixture, "a", new Adjustment.Suspend(TimeSpan.FromHours(1)));

        Rows(fixture).ShouldBe(1);
    }

    [Fact]
    public async Task Reopen_WhatIsOverOrForgotten_IsNotKept()
    {
        await using var fixture = new EmbeddedFixture();
        await AdjustAsync(fixture, "a", new Adjustment.Suspend(TimeSpan.FromDays(30)));
        await fixture.ReopenAsync();
        (await fixture.Queue.TrafficAsync("google", CancellationToken.None)).Count.ShouldBe(1);

        fixture.Time.Jump(TimeSpan.FromDays(31));
        await fixture.ReopenAsync();

        (await fixture.Queue.TrafficAsync("google", CancellationToken.None)).ShouldBeEmpty();
    }

    private static async Task<int> ClaimAsync(EmbeddedFixture fixture, int most) =>
        await fixture.Queue.ClaimAsync(new ClaimRequest(NodeA, Google, null, most, 0, Offer), CancellationToken.None) is ClaimResult.Granted granted
            ? granted.Deliveries.Count : 0;

    private static async Task AdjustAsync(EmbeddedFixture fixture, string source, Adjustment adjustment) =>
        (await fixture.Queue.AdjustAsync("google", source, adjustment, "421 no", CancellationToken.None)).ShouldBeTrue();

    private static long Rows(EmbeddedFixture fixture)
    {
        using var database = SqliteDatabase.Open(fixture.Database, readOnly: true);
        return database.Number("SELECT count(*) FROM traffic");
    }
}
