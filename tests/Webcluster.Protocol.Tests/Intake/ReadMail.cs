using System.Text;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Intake;
using Webcluster.Protocol.Reports;

namespace Webcluster.Protocol.Tests.Intake;

/// <summary>What the tests of reports have in common.</summary>
internal static class ReadMail
{
    public static ReportReader Reader { get; } = new(ReplyClassifier.Shipped());

    public static IReadOnlyList<MailReport> Reports(string mail, string? reversePath = null) =>
        Reader.Read(Encoding.UTF8.GetBytes(mail), reversePath);

    /// <summary>One report a line: kind recipient status reply permanent.</summary>
    public static string Summary(string mail, string? reversePath = null) => string.Join('\n', Reports(mail, reversePath).Select(report =>
        $"{report.Kind.Text()} {report.Recipient ?? "-"} {(report.Status.IsNone ? "-" : report.Status)} {report.Reply?.ToString() ?? "-"} "
            + report.Permanent switch { true => "permanent", false => "temporary", null => "-" }));

    /// <summary>A mail from a mail system.</summary>
    public static string Bounce(string subject, string text, string fields = "") =>
        $"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.relay.example>\nTo: sender@shop.example\nSubject: "
            + $"{subject}\n{fields}\n{text}\n";

    public const string Returned = "Received: from shop.example by mx.relay.example; Sun, 22 Nov 2026 10:00:00 +0000\n"
        + "From: Shop <sender@shop.example>\nTo: Other <listed@elsewhere.example>\nSubject: Your order\nMessage-ID: "
        + "<42@shop.example>\n\nHello\n";
}
