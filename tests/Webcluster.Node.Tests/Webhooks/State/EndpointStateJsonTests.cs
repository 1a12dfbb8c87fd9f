using System.Text;
using Shouldly;
using Webcluster.Node.Webhooks.Payloads;
using Webcluster.Node.Webhooks.State;
using Xunit;

namespace Webcluster.Node.Tests.Webhooks.State;

public sealed class EndpointStateJsonTests
{
    // What another version has stored must still be read: these names are frozen.
    private const string Frozen = """
        {"revision":7,"live":{"cursor":"9-0","ahead":["evt-3"]},
        "replays":[{"from":"2026-11-22T02:30:00+00:00","to":"2026-11-22T02:31:00+00:00","event":"evt-1","position":{"cursor":"1-0","ahead":[]},"found":2}],
        "parked":[{"parcel":{"id":"evt-2","type":"message.delivered","at":"2026-11-22T02:30:00+00:00","events":["evt-2"],"messages":["m"],"body":"e30="},"failures":1,"due":"2026-11-22T02:30:05+00:00"}],
        "disabled":{"since":"2026-11-22T02:30:00+00:00","reason":"by zoë"},"failing_since":"2026-11-22T02:30:00+00:00",
        "rest":{"until":"2026-11-22T02:30:10+00:00","step":"00:00:10"},"delivered":3,"given_up":1,"missed":2,
        "attempts":[{"at":"2026-11-22T02:30:00+00:00","id":"evt-2","type":"message.delivered","events":1,"status":500,"error":"500","took_ms":12}]}
        """;

    [Fact]
    public void Encode_IsFrozen()
    {
        var at = WebhookSamples.At;
        var parcel = new Parcel { Id = "evt-2", Type = "message.delivered", At = at, Events = ["evt-2"], Messages = ["m"], Body = "{}"u8.ToArray() };
        var state = new EndpointState
        {
            Revision = 7,
            Live = new Position { Cursor = "9-0", Ahead = ["evt-3"] },
            Replays = [new Replay(at, at.AddMinutes(1), "evt-1") { Position = new Position { Cursor = "1-0" }, Found = 2 }],
            Parked = new ParkedParcels([new ParkedParcel(parcel, 1, at.AddSeconds(5))]),
            Disabled = new Disablement(at, "by zoë"),
            FailingSince = at,
            Rest = new Rest(at.AddSeconds(10), TimeSpan.FromSeconds(10)),
            Delivered = 3,
            GivenUp = 1,
            Missed = 2,
            Attempts = [new Attempt(at, "evt-2", "message.delivered", 1, 500, "500", 12)],
        };

        Encoding.UTF8.GetString(EndpointStateJson.Encode(state)).ShouldBe(Frozen.ReplaceLineEndings(""));
    }

    [Fact]
    public void Decode_GivesBackWhatWasEncoded() =>
        Encoding.UTF8.GetString(EndpointStateJson.Encode(EndpointStateJson.Decode(Encoding.UTF8.GetBytes(Frozen))!))
            .ShouldBe(Frozen.ReplaceLineEndings(""));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"live":{"cursor":"1"},"of_a_later_version":1}""")]
    public void Decode_WhatIsNotThere_IsAsNew(string json)
    {
        var state = EndpointStateJson.Decode(Encoding.UTF8.GetBytes(json))!;

        state.Parked.All.ShouldBeEmpty();
        state.Replays.ShouldBeEmpty();
        state.Live.Ahead.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"parked":[{"parcel":{}}]}""")]
    public void Decode_WhatIsNoState_IsNull(string json) => EndpointStateJson.Decode(Encoding.UTF8.GetBytes(json)).ShouldBeNull();
}
