using System.Buffers;
using System.Text;
using Webcluster.Delivery.Sources;
using Webcluster.Node.EventFiles.Formats;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Tests.EventFiles;

/// <summary>Events to write, and what is written of them.</summary>
internal static class EventFileSamples
{
    public static readonly DateTimeOffset At = new(2026, 11, 22, 2, 34, 56, 789, TimeSpan.Zero);

    public static readonly SourceAddresses Sources = SourceAddresses.Of(
    [
        new SourceOptions { Name = "ip1", Address = "192.0.2.1", Address6 = "2001:db8::1" },
        new SourceOptions { Name = "proxied", Proxy = "socks5://proxy.example:1080" },
    ]);

    /// <summary>All that an event can say.</summary>
    public static readonly MailEvent Bounced = new()
    {
        Kind = MailEventKind.Bounced, At = At, Message = "0193-m", Tenant = "shop", Tags = ["spring", "de"], Class = "bulk",
        Sender = "news@shop.example", Recipient = "zoë@example.net", Size = 12345, Provider = "example", Site = "mx.example.net", Pool = "news",
        Source = "ip1", Host = "mx1.example.net", Address = "198.51.100.7", Tls = "TLSv1.3 with TLS_AES_256_GCM_SHA384", Attempt = 2,
        Status = "5.1.1", Reply = "550 5.1.1 \"zoë\" is unknown, sorry", Bounce = "invalid-recipient", Permanent = true, Suppressing = true,
        TookMs = 120, QueuedMs = 61_000, Rule = "r1", Node = "mta2.example",
    };

    public static readonly MailEvent Accepted = new()
    {
        Kind = MailEventKind.Accepted, At = At, Message = "0193-m", Tenant = "shop", Class = "normal", Sender = "",
        Recipients = ["anna@example.net", "bernd@example.org"], Size = 700,
    };

    /// <summary>With as little as there may be.</summary>
    public static MailEvent Bare(MailEventKind kind) => new() { Kind = kind, At = At, Recipient = "anna@example.net" };

    public static string Text(IEventFormat format, params MailEvent[] events)
    {
        var lines = new ArrayBufferWriter<byte>();
        foreach (var one in events) format.Append(one, lines);
        return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(lines.WrittenSpan);
    }
}
