using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Webcluster.Node.EventFiles.Formats;
using Webcluster.Queue.Events;
using Xunit;
using static Webcluster.Node.Tests.EventFiles.EventFileSamples;

namespace Webcluster.Node.Tests.EventFiles.Formats;

public sealed class EcsFormatTests
{
    private readonly EcsFormat _format = new(new EventOrigin("mta1.example", Sources));

    [Fact]
    public void Append_WholeEvent_IsThis()
    {
        var expected = JsonNode.Parse($$"""
            {
              "@timestamp": "2026-11-22T02:34:56.789Z",
              "message": "bounced zoë@example.net: 550 5.1.1 \"zoë\" is unknown, sorry",
              "ecs": {"version": "8.17.0"},
              "event": {"id": "{{EventIdentity.Of(Bounced)}}", "kind": "event", "category": ["email"], "type": ["info"], "action": "bounced",
                "outcome": "failure", "reason": "550 5.1.1 \"zoë\" is unknown, sorry", "duration": 120000000, "module": "webcluster",
                "dataset": "webcluster.events"},
              "email": {"direction": "outbound", "local_id": "0193-m", "from": {"address": ["news@shop.example"]}, "to": {"address": ["zoë@example.net"]} },
              "source": {"address": "192.0.2.1", "ip": "192.0.2.1"},
              "destination": {"address": "mx1.example.net", "domain": "mx1.example.net", "ip": "198.51.100.7"},
              "tls": {"established": true, "version_protocol": "tls", "version": "1.3", "cipher": "TLS_AES_256_GCM_SHA384"},
              "rule": {"name": "r1"},
              "tags": ["spring", "de"],
              "host": {"name": "mta2.example"},
              "service": {"name": "webcluster", "version": "{{ProductVersion.Text}}"},
              "webcluster": {"tenant": "shop", "class": "bulk", "size": 12345, "provider": "example", "site": "mx.example.net", "pool": "news",
                "source": "ip1", "attempt": 2, "status": "5.1.1", "bounce": "invalid-recipient", "permanent": true, "suppressing": true,
                "queued_ms": 61000}
            }
            """)!;

        Text(_format, Bounced).ShouldBe(expected.ToJsonString(new JsonSerializerOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }) + "\n");
    }

    [Fact]
    public void Append_Accepted_NamesAllRecipients_AndTheNullSender()
    {
        var line = Json(Text(_format, Accepted));

        line["email"]!["to"]!["address"]!.ToJsonString().ShouldBe("""["anna@example.net","bernd@example.org"]""");
        line["email"]!["from"].ShouldBeNull();
        line["webcluster"]!["null_sender"]!.GetValue<bool>().ShouldBeTrue();
        line["host"]!["name"]!.GetValue<string>().ShouldBe("mta1.example");
        line["message"]!.GetValue<string>().ShouldBe("accepted anna@example.net, bernd@example.org");
    }

    [Theory]
    [InlineData(MailEventKind.Accepted, "email", "info", "success")]
    [InlineData(MailEventKind.Deferred, "email", "info", "failure")]
    [InlineData(MailEventKind.Delivered, "email", "info", "success")]
    [InlineData(MailEventKind.Bounced, "email", "info", "failure")]
    [InlineData(MailEventKind.BouncedLater, "email", "info", "failure")]
    [InlineData(MailEventKind.Expired, "email", "info", "failure")]
    [InlineData(MailEventKind.Complained, "email", "info", null)]
    [InlineData(MailEventKind.Suppressed, "email", "info", "failure")]
    [InlineData(MailEventKind.Unsubscribed, "email", "info", null)]
    [InlineData(MailEventKind.Held, "email", "info", null)]
    [InlineData(MailEventKind.Moved, "email", "info", null)]
    [InlineData(MailEventKind.Dropped, "email", "info", "failure")]
    [InlineData(MailEventKind.PossibleDuplicate, "email", "info", "unknown")]
    [InlineData(MailEventKind.LimitChanged, "configuration", "change", null)]
    [InlineData(MailEventKind.SourceChanged, "configuration", "change", null)]
    public void Append_EachKind_IsCategorized(MailEventKind kind, string category, string type, string? outcome)
    {
        var line = Json(Text(_format, Bare(kind)));

        line["event"]!["category"]!.ToJsonString().ShouldBe($"[\"{category}\"]");
        line["event"]!["type"]!.ToJsonString().ShouldBe($"[\"{type}\"]");
        line["event"]!["outcome"]?.GetValue<string>().ShouldBe(outcome);
        line["event"]!["action"]!.GetValue<string>().ShouldBe(Json(System.Text.Encoding.UTF8.GetString(MailEventJson.Encode(Bare(kind))))["kind"]!.GetValue<string>());
        (line["email"] is not null).ShouldBe(category == "email");
    }

    [Fact]
    public void Append_Kinds_AreAllTested() =>
        typeof(EcsFormatTests).GetMethod(nameof(Append_EachKind_IsCategorized))!.GetCustomAttributesData().Count(row => row.AttributeType == typeof(InlineDataAttribute))
            .ShouldBe(Enum.GetValues<MailEventKind>().Length);

    [Theory]
    [InlineData("550 a\r\nb\n\"}{\"x\":1\u2028\u2029\u0085\0\\")]
    [InlineData("550 \ud800 half")]
    public void Append_HostileReply_IsOneLineThatSaysTheSame(string reply)
    {
        var text = Text(_format, Bounced with { Reply = reply, Recipient = reply, Sender = reply, Tags = [reply], Reason = reply });

        text.EndsWith('\n').ShouldBeTrue();
        text[..^1].ShouldNotContain('\n');
        text[..^1].AsSpan().IndexOfAny("\r\u2028\u2029\u0085\0").ShouldBe(-1);
        var line = Json(text);
        line["event"]!["reason"]!.GetValue<string>().ShouldBe(reply.Replace('\ud800', '\ufffd'));
    }

    [Theory]
    [InlineData("451 4.7.1 greylisted", "4.7.1")]
    [InlineData("451 greylisted", null)]
    [InlineData("no answer in 30 s", null)]
    public void Append_Deferred_TakesTheCodeFromTheReply(string reply, string? status) =>
        Json(Text(_format, Bare(MailEventKind.Deferred) with { Reply = reply }))["webcluster"]!["status"]?.GetValue<string>().ShouldBe(status);

    private static JsonNode Json(string line) => JsonNode.Parse(line)!;
}
