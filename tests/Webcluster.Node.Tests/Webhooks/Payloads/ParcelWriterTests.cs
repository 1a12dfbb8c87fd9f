using System.Text;
using System.Text.Json;
using Shouldly;
using Webcluster.Node.Webhooks.Payloads;
using Webcluster.Queue.Events;
using Xunit;

namespace Webcluster.Node.Tests.Webhooks.Payloads;

public sealed class ParcelWriterTests
{
    private static readonly string Frozen = """
        {"id":"evt-1","type":"message.delivered","timestamp":"2026-11-22T02:30:00+00:00","data":{"kind":"delivered","at":"2026-11-22T02:30:00+00:00",
        "message":"m","tenant":"shop","recipient":"zoë@example.com","reply":"250 2.0.0 Ok: \"queued\" <x>"}}
        """.ReplaceLineEndings("");

    [Fact]
    public void Pack_One_IsTheEventByItself()
    {
        var parcel = new ParcelWriter(1).Pack([WebhookSamples.Stored(1, "m"), WebhookSamples.Stored(2, "m")]);

        Encoding.UTF8.GetString(parcel.Body).ShouldBe(Frozen);
        (parcel.Id, parcel.Type, parcel.At).ShouldBe(("evt-1", "message.delivered", WebhookSamples.At));
        parcel.Events.ShouldBe(["evt-1"]);
        parcel.Messages.ShouldBe(["m"]);
    }

    [Fact]
    public void Pack_Batch_IsAListWithAnIdOfItsOwn()
    {
        List<StoredEvent> events = [WebhookSamples.Stored(1, "m"), WebhookSamples.Stored(2, null), WebhookSamples.Stored(3, "m"), WebhookSamples.Stored(4, "n")];

        var parcel = new ParcelWriter(3).Pack(events);

        JsonDocument.Parse(parcel.Body).RootElement.EnumerateArray().Select(item => item.GetProperty("id").GetString())
            .ShouldBe(["evt-1", "evt-2", "evt-3"]);
        parcel.Events.ShouldBe(["evt-1", "evt-2", "evt-3"]);
        parcel.Messages.ShouldBe(["m"]);
        parcel.Id.ShouldMatch("^batch-[0-9a-f]{32}$");
        new ParcelWriter(3).Pack(events).Id.ShouldBe(parcel.Id, "the same whoever packs it");
        new ParcelWriter(3).Pack(events[1..]).Id.ShouldNotBe(parcel.Id);
        Encoding.UTF8.GetString(new ParcelWriter(3).Pack(events[..1]).Body).ShouldBe($"[{Frozen}]", "a list even of one");
    }

    [Fact]
    public void Pack_LargeEvents_EndsBeforeReceiversDo()
    {
        var large = Enumerable.Range(0, 100)
            .Select(i => new StoredEvent($"evt-{i}", WebhookSamples.Event("m") with { Reply = new string('x', 10_000) })).ToList();

        var parcel = new ParcelWriter(100).Pack(large);

        parcel.Body.Length.ShouldBeInRange(64 * 1024, 80 * 1024);
        parcel.Events.ShouldBe(large.Take(7).Select(one => one.Id));
    }

    [Fact]
    public void Test_IsNewEachTime()
    {
        var one = new ParcelWriter(1).Test("hook", WebhookSamples.At);

        var item = JsonDocument.Parse(one.Body).RootElement;
        (item.GetProperty("id").GetString(), item.GetProperty("type").GetString()).ShouldBe((one.Id, "webhook.test"));
        item.GetProperty("data").GetProperty("endpoint").GetString().ShouldBe("hook");
        one.Id.ShouldMatch("^test-[0-9a-f]{32}$");
        new ParcelWriter(1).Test("hook", WebhookSamples.At).Id.ShouldNotBe(one.Id);
        JsonDocument.Parse(new ParcelWriter(2).Test("hook", WebhookSamples.At).Body).RootElement.GetArrayLength().ShouldBe(1);
    }

    // Receivers go by these names: a change here breaks them.
    [Fact]
    public void Types_AreFrozen() =>
        string.Join(' ', Enum.GetValues<MailEventKind>().Select(EventTypes.Of)).ShouldBe(
            "message.accepted message.deferred message.delivered message.bounced message.bounced_later message.expired message.complained "
            + "message.suppressed recipient.unsubscribed message.held message.moved message.dropped message.possible_duplicate "
            + "source.limit_changed source.changed");
}
