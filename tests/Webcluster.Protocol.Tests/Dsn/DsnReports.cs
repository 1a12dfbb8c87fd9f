using System.Text;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Dsn;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Tests.Dsn;

/// <summary>Reports for the tests, to be varied by "with".</summary>
internal static class DsnReports
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public const string Original = "From: alice@sender.example\r\nSubject: Hello\r\n\r\nHello Bob.\r\n";

    public static DsnRecipient Bob { get; } = new(
        new Mailbox("bob", "example.com"), "rfc822;bob@example.com", DsnAction.Failed, new EnhancedCode(5, 1, 1), "mx.example.com",
        new SmtpReply(550, new EnhancedCode(5, 1, 1), "no such user"), "The server refused the address.", Noon, null);

    public static DsnReport Failure { get; } = new(
        "out.sender.example", new Mailbox("mailer-daemon", "out.sender.example"), new Mailbox("alice", "sender.example"),
            "dsn1@out.sender.example",
        "=_boundary", Noon, "QQ314159", Noon.AddHours(-1), [Bob], Encoding.UTF8.GetBytes(Original), DsnReturn.Full, UseUtf8: false);

    public static string Text(DsnReport report) => Encoding.UTF8.GetString(DsnWriter.Write(report));

    public static DsnReport For(params DsnRecipient[] recipients) => Failure with { Recipients = recipients };

    /// <summary>The content of the part of that number, without the CRLF that belongs to the boundary.</summary>
    public static string Part(string report, int number, string boundary = "=_boundary")
    {
        var part = report.Split("\r\n--" + boundary)[number];
        return part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }
}
