using System.Collections.Concurrent;
using Shouldly;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Embedded;

public sealed class EmbeddedQueueRestartTests
{
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Restart_ClaimedAndWaiting_EverythingWaitsAgainAsItWas()
    {
        await using var fixture = new EmbeddedFixture();
        var first = await fixture.Queue.StoreAsync(Message(fixture.Time.Now, To(Google, MailClass.Bulk, "anna", "bernd"), To(Yahoo)));
        var second = await fixture.Queue.StoreAsync(Message(fixture.Time.Now, To(Google, MailClass.Bulk)));
        await fixture.Queue.ClaimAsync(Google);

        await fixture.ReopenAsync();

        var google = await fixture.Queue.ClaimAsync(Google, 10);
        google.Messages().ShouldBe([first.Id, second.Id]);
        var claimed = google.Deliveries[0];
        claimed.Envelope.ShouldBe(first.Envelope);
        claimed.Recipients.ShouldBe(first.Deliveries[0].Recipients);
        claimed.AcceptedAt.ShouldBe(first.AcceptedAt);
        claimed.ExpiresAt.ShouldBe(first.ExpiresAt);
        claimed.ContentLength.ShouldBe(first.Content.Length);
        claimed.Content.ShouldNotBeNull().Prefix.ToArray().ShouldBe(first.Content.Prefix.ToArray());
        claimed.Content.Body.ToArray().ShouldBe(first.Content.Body.ToArray());
        (await fixture.Queue.ClaimAsync(Yahoo)).Deliveries[0].Id.ShouldBe(first.Delivery(1));
        (await fixture.Queue.CountAsync(CancellationToken.None)).ContentOctets.ShouldBe(first.Content.Length + second.Content.Length);
    }

    [Fact]
    public async Task Restart_AfterOutcomes_TheyStand()
    {
        await using var fixture = new EmbeddedFixture();
        for (var i = 0; i < 3; i++)
            await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
        var claim = await fixture.Queue.ClaimAsync(Google, 3);
        var remaining = Recipient("anna") with { LastReply = "450 no", DelayNotified = true };
        Settlement[] outcomes =
        [
            claim.Sent(), new Settlement.Deferred(claim.Deliveries[1].Id, [remaining], Later, CountsAttempt: true),
            new Settlement.Rerouted(claim.Deliveries[2].Id, Yahoo),
        ];
        await fixture.Queue.SettleAsync(claim.Session, outcomes, CancellationToken.None);

        await fixture.ReopenAsync();

        (await fixture.Queue.FindAsync(claim.Deliveries[0].Id.Message, CancellationToken.None)).ShouldBeEmpty();
        (await fixture.Queue.ClaimAsync(Yahoo)).Deliveries[0].Id.ShouldBe(claim.Deliveries[2].Id);
        (await fixture.Queue.RefusedAsync(Google)).Until.ShouldBe(fixture.Time.Now + Later);
        fixture.Time.Advance(Later);
        var deferred = (await fixture.Queue.ClaimAsync(Google)).Deliveries.ShouldHaveSingleItem();
        deferred.Attempts.ShouldBe(1);
        deferred.Recipients.ShouldBe([remaining]);
    }

    [Fact]
    public async Task Restart_AfterReap_TheMarkStands()
    {
        await using var fixture = new EmbeddedFixture();
        await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
        await fixture.Queue.ClaimAsync(Google);
        fixture.Time.Advance(TimeSpan.FromSeconds(11));
        await fixture.Queue.ReapAsync(NodeA, CancellationToken.None);

        await fixture.ReopenAsync();

        (await fixture.Queue.ClaimAsync(Google)).Deliveries[0].MayHaveBeenSent.ShouldBeTrue();
    }

    [Fact]
    public async Task Restart_WithScheduledMail_WaitsForItsTime()
    {
        await using var fixture = new EmbeddedFixture();
        await fixture.Queue.StoreAsync(Message(fixture.Time.Now) with { NotBefore = fixture.Time.Now + Later });

        await fixture.ReopenAsync();

        (await fixture.Queue.RefusedAsync(Google)).Until.ShouldBe(fixture.Time.Now + Later);
        fixture.Time.Advance(Later);
        (await fixture.Queue.ClaimAsync(Google)).Deliveries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Restart_RuleUnderWayOverRowsThatAreGone_NewMailIsNotIts()
    {
        await using var fixture = new EmbeddedFixture();
        for (var i = 0; i < 3; i++)
            await fixture.Queue.StoreAsync(Message(fixture.Time.Now));
        var now = fixture.Time.Now;
        var rule = new QueueRule(RuleId.New(now), RuleAction.Drop, new RuleTarget(RuleScope.Tenant, "acme"), "r", now);
        await fixture.Queue.AddRuleAsync(rule, CancellationToken.None);
        while ((await fixture.Queue.RulesAsync(CancellationToken.None)).Single().IsRunning)
            await Task.Delay(5);
        await fixture.Queue.DisposeAsync();
        using (var file = SqliteDatabase.Open(fixture.Database, readOnly: false))
            file.Execute("UPDATE rules SET running=1, cursor=0");

        await fixture.ReopenAsync();
        var message = await fixture.Queue.StoreAsync(Message(now));
        while ((await fixture.Queue.RulesAsync(CancellationToken.None)).Single().IsRunning)
            await Task.Delay(5);

        (await fixture.Queue.FindAsync(message.Id, CancellationToken.None)).ShouldHaveSingleItem();
        using var after = SqliteDatabase.Open(fixture.Database, readOnly: true);
        after.Number("SELECT row FROM deliveries").ShouldBe(4);
    }

    [Fact]
    public async Task Restart_SameIdAgain_IsAlreadyStored()
    {
        await using var fixture = new EmbeddedFixture();
        var message = await fixture.Queue.StoreAsync(Message(fixture.Time.Now));

        await fixture.ReopenAsync();

        (await fixture.Queue.EnqueueAsync(message, CancellationToken.None)).ShouldBe(EnqueueResult.AlreadyStored);
    }

    [Fact]
    public async Task Restart_LargeContent_IsTheSameOctets()
    {
        await using var fixture = new EmbeddedFixture();
        var body = new byte[3_000_000];
        new Random(7).NextBytes(body);
        var content = new MessageContent(new byte[] { 0, 255 }, body);
        var message = await fixture.Queue.StoreAsync(Message(fixture.Time.Now) with { Content = content });

        await fixture.ReopenAsync();

        var read = await fixture.Queue.ContentAsync(message.Id);
        read.ShouldNotBeNull().Prefix.ToArray().ShouldBe([0, 255]);
        read.Body.Span.SequenceEqual(body).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Settle_LastDeliveryOfAMessage_LeavesNothingInTheFile(bool together)
    {
        await using var fixture = new EmbeddedFixture();
        await fixture.Queue.StoreAsync(Message(fixture.Time.Now, To(Google), To(Google), To(Google)));
        var claim = await fixture.Queue.ClaimAsync(Google, 3);
        using var file = SqliteDatabase.Open(fixture.Database, readOnly: true);

        if (together)
            await fixture.Queue.SettleAsync(claim.Session, [claim.Sent(0), claim.Sent(1), claim.Sent(2)], CancellationToken.None);
        else
            for (var i = 0; i < 3; i++)
            {
                file.Number("SELECT count(*) FROM messages").ShouldBe(1);
                await fixture.Queue.SettleAsync(claim.Session, claim.Sent(i));
            }

        file.Number("SELECT count(*) FROM deliveries").ShouldBe(0);
        file.Number("SELECT count(*) FROM messages").ShouldBe(0);
    }

    /// <summary>What a killed process leaves is the files as they are at that moment.</summary>
    [Fact]
    public async Task Kill_WhileWriting_EveryAcknowledgedMessageIsThere()
    {
        await using var fixture = new EmbeddedFixture();
        var acknowledged = new ConcurrentDictionary<MessageId, NewMessage>();
        var settled = new ConcurrentDictionary<MessageId, bool>();
        using var stop = new CancellationTokenSource();
        var producers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ProduceAsync(fixture, acknowledged, stop.Token))).ToArray();
        var consumer = Task.Run(() => ConsumeAsync(fixture, settled, stop.Token));

        for (var kill = 0; kill < 5; kill++)
        {
            while (acknowledged.Count < (kill + 1) * 40)
                await Task.Yield();
            using var copy = new TemporaryFolder();
            var settledBefore = settled.Keys.ToHashSet();
            var promised = acknowledged.ToArray();
            foreach (var file in new[] { fixture.Database, fixture.Database + "-wal" })
                File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));

            await using var survivor = fixture.Open(fixture.Options with { Folder = copy.Path });
            foreach (var (id, message) in promised)
            {
                var content = await survivor.ContentAsync(id);
                if (settledBefore.Contains(id))
                    content.ShouldBeNull();
                else if (content is not null || !await WasSettledSoonAsync(settled, id))
                    content.ShouldNotBeNull().ToArray().ShouldBe(message.Content.ToArray());
            }
        }
        await stop.CancelAsync();
        await Task.WhenAll([.. producers, consumer]);
    }

    private static async Task ProduceAsync(
        EmbeddedFixture fixture, ConcurrentDictionary<MessageId, NewMessage> acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && acknowledged.Count < 2000)
        {
            var message = Message(fixture.Time.Now, To(Google), To(Yahoo));
            await fixture.Queue.StoreAsync(message);
            acknowledged[message.Id] = message;
        }
    }

    private static async Task ConsumeAsync(EmbeddedFixture fixture, ConcurrentDictionary<MessageId, bool> settled, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await fixture.Queue.TryClaimAsync(Google) is not ClaimResult.Granted google)
                continue;
            var yahoo = await fixture.Queue.ClaimAsync(Yahoo);
            await fixture.Queue.SettleAsync(google.Session, google.Sent());
            await fixture.Queue.SettleAsync(yahoo.Session, yahoo.Sent());
            settled[google.Deliveries[0].Id.Message] = true;
            await fixture.Queue.ReleaseAsync(google.Session, CancellationToken.None);
            await fixture.Queue.ReleaseAsync(yahoo.Session, CancellationToken.None);
        }
    }

    /// <summary>A message may be gone from the copy before its consumer got to say so.</summary>
    private static async Task<bool> WasSettledSoonAsync(ConcurrentDictionary<MessageId, bool> settled, MessageId id)
    {
        for (var i = 0; i < 1000 && !settled.ContainsKey(id); i++)
            await Task.Delay(10);
        return settled.ContainsKey(id);
    }
}
