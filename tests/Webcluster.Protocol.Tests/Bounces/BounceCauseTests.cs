using Shouldly;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Reports;
using Webcluster.Protocol.Tests.Intake;
using Webcluster.Protocol.Tests.Tokens;
using Webcluster.Protocol.Tokens;
using Xunit;

namespace Webcluster.Protocol.Tests.Bounces;

/// <summary>Why mail came back, where the reporting server says it in words of its own.</summary>
public sealed class BounceCauseTests
{
    [Theory]
    // Exim: of a domain that it does not find, or, as a server's reply, of a mailbox.
    [InlineData("Unrouteable address", BounceClass.DnsFailure)]
    [InlineData("550 Unrouteable address", BounceClass.InvalidRecipient)]
    [InlineData("unqualified address not permitted: bob", BounceClass.ProtocolError)]
    [InlineData("all hosts for 'a.example' have been failing for a long time (and retry time not reached)", BounceClass.ConnectionFailure)]
    // Exchange.
    [InlineData("There was a SMTP communication problem with the recipient's email server.", BounceClass.ConnectionFailure)]
    [InlineData("The recipient name is not recognized.", BounceClass.InvalidRecipient)]
    // Domino.
    [InlineData("No route found to domain a.example from server MAIL01/Corp.", BounceClass.DnsFailure)]
    [InlineData("User ann (ann@a.example) not listed in Domino Directory", BounceClass.InvalidRecipient)]
    // sendmail and Postfix.
    [InlineData("a.example: host name lookup failure", BounceClass.DnsFailure)]
    [InlineData("TLS is required, but was not offered by host mx.a.example[192.0.2.7]", BounceClass.ConnectionFailure)]
    [InlineData("temporary failure. Command output: local: fatal: no database", BounceClass.TransientOther)]
    [InlineData("550 5.6.9 improper use of 8-bit data in message header", BounceClass.PermanentOther)]
    // Gmail.
    [InlineData("The recipient server did not accept our requests to connect. [mx.a.example: timed out]", BounceClass.ConnectionFailure)]
    // Other languages.
    [InlineData("Benutzer unbekannt", BounceClass.InvalidRecipient)]
    [InlineData("Das Postfach des Empfängers ist voll", BounceClass.MailboxFull)]
    [InlineData("お客様のアドレスは宛先不明です", BounceClass.InvalidRecipient)]
    public void Read_WordsOfAMailSystem_SayWhy(string words, BounceClass expected) => CauseOf(words).ShouldBe(expected);

    [Theory]
    // "Unknown error"; the sender's domain; "not there", where nothing else says so.
    [InlineData("5.7.1", "550 Erreur inconnue", false)]
    [InlineData("5.7.1", "550 发件人域名不存在", false)]
    [InlineData("5.7.1", "550 Домен отправителя не найден", false)]
    [InlineData("5.0.0", "550 mevcut değil", false)]
    // The codes say the same, in the field or in the text.
    [InlineData("5.1.1", "550 mevcut değil", true)]
    [InlineData("5.0.0", "550 5.1.1 mevcut değil", true)]
    [InlineData("4.1.1", "450 4.1.1 mevcut değil", false)]
    // A rule reads it.
    [InlineData("5.0.0", "550 Utente sconosciuto", true)]
    public void Read_RefusalInAnotherLanguage_NeverSuppressesByATranslationAlone(string status, string diagnostic, bool suppresses)
    {
        var report = OfStatus(status, diagnostic);
        (report.Permanent == true && report.Cause!.Suppresses()).ShouldBe(suppresses, report.Cause!.ToString());
    }

    [Theory]
    [InlineData("550 {0}: no such user", BounceClass.Policy, false)]
    [InlineData("550 5.1.1 {0}... User unknown", BounceClass.Policy, false)]
    [InlineData("550 5.1.1 ann@a.example: User unknown (mail of {0})", BounceClass.InvalidRecipient, true)]
    [InlineData("550 5.1.1 <other@a.example>: User unknown", BounceClass.InvalidRecipient, true)]
    public void Read_RefusalThatNamesTheReturnPath_IsOfTheSender(string diagnostic, BounceClass expected, bool suppresses)
    {
        var token = new ReturnToken(TokenKind.ReturnPath, Guid.NewGuid(), default, new DateOnly(2026, 12, 22)).Write(Keys.Ring(1));
        var cause = OfStatus("5.1.1", diagnostic.Replace("{0}", $"<b+{token}@bounce.shop.example>", StringComparison.Ordinal)).Cause!;
        (cause.Class, cause.Suppresses()).ShouldBe((expected, suppresses));
    }

    [Theory]
    [InlineData("550 mevcut değil")]
    [InlineData("550 5.1.1 mevcut değil")]
    public void Read_RefusalInAnotherLanguage_HasItsClass(string diagnostic) =>
        OfStatus("5.0.0", diagnostic).Cause!.Class.ShouldBe(BounceClass.InvalidRecipient);

    private static MailReport OfStatus(string status, string diagnostic) => ReadMail.Reports(ReadMail.Bounce("Undelivered",
        "--b\nContent-Type: message/delivery-status; charset=utf-8\n\nReporting-MTA: dns; mx.a.example\n\n"
            + $"Final-Recipient: rfc822; ann@a.example\nAction: failed\nStatus: {status}\nDiagnostic-Code: smtp; {diagnostic}\n\n--b--",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n")).Single();

    [Fact]
    public void Read_IntroductionThatSaysWhy_IsRead() =>
        ReadMail.Reports(ReadMail.Bounce("Delivery Status Notification (Failure)", """

            Unable to deliver message to the following recipients, due to being unable to connect successfully to the mail server.

                   ann@a.example

            """)).Single().Cause!.Class.ShouldBe(BounceClass.ConnectionFailure);

    [Fact]
    public void Read_OneTextAboutMany_IsSaidOfEach()
    {
        var reports = ReadMail.Reports(ReadMail.Bounce("failure notice",
            "\nUnable to deliver:\n\n  <ann@a.example>\n  <ben@b.example>\n\nThe mailbox is full.\n"));
        reports.Select(report => report.Recipient).ShouldBe(["ann@a.example", "ben@b.example"]);
        reports.ShouldAllBe(report => report.Cause!.Class == BounceClass.MailboxFull);
    }

    [Theory]
    [InlineData("4.4.7", BounceClass.TransientOther)]
    [InlineData("4.4.1", BounceClass.ConnectionFailure)]
    [InlineData("4.4.4", BounceClass.DnsFailure)]
    public void Read_StatusAlone_SaysWhy(string status, BounceClass expected) =>
        ReadMail.Reports(ReadMail.Bounce("Delayed", $"--b\nContent-Type: message/delivery-status\n\n"
            + $"Final-Recipient: rfc822; ann@a.example\nAction: delayed\nStatus: {status}\n\n--b--",
            "Content-Type: multipart/report; boundary=b\n")).Single().Cause!.Class.ShouldBe(expected);

    private static BounceClass CauseOf(string words) => ReadMail.Reports(ReadMail.Bounce("Mail delivery failed",
        $"\nA message could not be delivered to one or more of its recipients.\n\n  ann@a.example\n    {words}\n")).Single().Cause!.Class;
}
