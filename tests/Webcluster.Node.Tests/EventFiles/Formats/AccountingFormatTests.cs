using Shouldly;
using Webcluster.Node.EventFiles;
using Webcluster.Node.EventFiles.Formats;
using Webcluster.Node.Files;
using Webcluster.Protocol.Classification;
using Webcluster.Queue.Events;
using Xunit;
using static Webcluster.Node.Tests.EventFiles.EventFileSamples;

namespace Webcluster.Node.Tests.EventFiles.Formats;

public sealed class AccountingFormatTests
{
    private static readonly string[] Categories =
    [
        "bad-configuration", "bad-connection", "bad-domain", "bad-mailbox", "content-related", "inactive-mailbox", "invalid-sender", "message-expired",
        "no-answer-from-host", "other", "policy-related", "protocol-errors", "quota-issues", "relaying-issues", "routing-errors", "spam-related",
        "virus-related",
    ];

    private readonly AccountingFormat _format = new(Sources);

    [Fact]
    public void Head_NamesTheColumns() => System.Text.Encoding.UTF8.GetString(_format.Head.Span).ShouldBe(
        "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,dlvSourceIp,dlvDestinationIp,"
        + "dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,queue,vmtaPool,dlvTlsProtocol,dlvTlsCipher,rcvSmtpUser,message,tenant,provider,bounceClass,attempt\r\n");

    [Fact]
    public void Append_WholeEvent_IsThis() => Text(_format, Bounced).ShouldBe(
        "b,2026-11-22 02:34:56+0000,2026-11-22 02:33:55+0000,news@shop.example,zoë@example.net,,failed,5.1.1,"
        + "\"smtp;550 5.1.1 \"\"zoë\"\" is unknown, sorry\",mx1.example.net (198.51.100.7),bad-mailbox,,,smtp,192.0.2.1,198.51.100.7,,12345,ip1,"
        + "spring de,,example.net/ip1,news,TLSv1.3,TLS_AES_256_GCM_SHA384,,0193-m,shop,example,invalid-recipient,2\r\n");

    [Fact]
    public void Append_Accepted_IsALineForEachRecipient()
    {
        var rows = Rows(Text(_format, Accepted));

        rows.Select(row => (row["type"], row["rcpt"], row["orig"], row["timeQueued"], row["queue"])).ShouldBe(
        [
            ("r", "anna@example.net", "", "2026-11-22 02:34:56+0000", "example.net"),
            ("r", "bernd@example.org", "", "2026-11-22 02:34:56+0000", "example.org"),
        ]);
    }

    [Theory]
    [InlineData(MailEventKind.Accepted, "r", "", "", "")]
    [InlineData(MailEventKind.Deferred, "t", "delayed", "4.0.0", "")]
    [InlineData(MailEventKind.Delivered, "d", "relayed", "2.0.0", "")]
    [InlineData(MailEventKind.Bounced, "b", "failed", "5.0.0", "")]
    [InlineData(MailEventKind.BouncedLater, "rb", "failed", "5.0.0", "")]
    [InlineData(MailEventKind.Expired, "b", "failed", "5.0.0", "message-expired")]
    [InlineData(MailEventKind.Complained, "f", "", "", "")]
    [InlineData(MailEventKind.Suppressed, "b", "failed", "5.0.0", "other")]
    [InlineData(MailEventKind.Unsubscribed, null, null, null, null)]
    [InlineData(MailEventKind.Held, null, null, null, null)]
    [InlineData(MailEventKind.Moved, null, null, null, null)]
    [InlineData(MailEventKind.Dropped, null, null, null, null)]
    [InlineData(MailEventKind.PossibleDuplicate, null, null, null, null)]
    [InlineData(MailEventKind.LimitChanged, null, null, null, null)]
    [InlineData(MailEventKind.SourceChanged, null, null, null, null)]
    public void Append_EachKind_HasItsRecordOrNone(MailEventKind kind, string? type, string? action, string? status, string? category)
    {
        EventFormats.Has(EventFileFormat.Accounting, kind).ShouldBe(type is not null);
        if (type is null) Text(_format, Bare(kind)).ShouldBeEmpty();
        else Rows(Text(_format, Bare(kind))).Select(row => (row["type"], row["dsnAction"], row["dsnStatus"], row["bounceCat"])).ShouldBe([(type, action!, status!, category!)]);
    }

    [Theory]
    [InlineData("invalid-recipient", "5.1.1", "bad-mailbox")]
    [InlineData("invalid-recipient", "5.1.2", "bad-domain")]
    [InlineData("invalid-recipient", "5.1.10", "bad-domain")]
    [InlineData("dns-failure", "5.1.2", "bad-domain")]
    [InlineData("dns-failure", "4.4.3", "routing-errors")]
    [InlineData("mailbox-full", "5.1.2", "quota-issues")]
    [InlineData("connection-failure", "4.4.1", "no-answer-from-host")]
    [InlineData("connection-failure", "4.4.2", "bad-connection")]
    [InlineData("connection-failure", "4.4.6", "routing-errors")]
    [InlineData("policy", "5.1.8", "invalid-sender")]
    [InlineData("policy", "5.7.1", "policy-related")]
    [InlineData("spam-content", "5.7.1", "spam-related")]
    [InlineData("permanent-other", "5.3.5", "bad-configuration")]
    [InlineData("permanent-other", "5.4.6", "routing-errors")]
    [InlineData("transient-other", null, "other")]
    [InlineData(null, "5.1.1", "")]
    public void Category_FollowsTheClass_AndTheCodeWhereItIsFiner(string? bounce, string? status, string category) =>
        Rows(Text(_format, Bare(MailEventKind.Bounced) with { Bounce = bounce, Status = status })).Single()["bounceCat"].ShouldBe(category);

    [Fact]
    public void Category_EachClass_HasOneThatIsKnown()
    {
        foreach (var found in Enum.GetValues<BounceClass>()) BounceCategories.Of(found).ShouldBeOneOf(Categories);
    }

    [Theory]
    [InlineData("550 5.1.1 no", "smtp;550 5.1.1 no")]
    [InlineData("no host answers", "x-webcluster;no host answers")]
    [InlineData("550", "x-webcluster;550")]
    [InlineData("5500 no", "x-webcluster;5500 no")]
    public void Diagnostic_SaysWhoSaidIt(string reply, string diagnostic) =>
        Rows(Text(_format, Bounced with { Reply = reply })).Single()["dsnDiag"].ShouldBe(diagnostic);

    [Theory]
    [InlineData("198.51.100.7", "ip1", "192.0.2.1")]
    [InlineData("2001:db8::7", "ip1", "2001:db8::1")]
    [InlineData("198.51.100.7", "proxied", "")]
    [InlineData("198.51.100.7", "system", "")]
    [InlineData(null, "ip1", "")]
    public void SourceAddress_IsOfTheFamilyThatWasUsed(string? address, string source, string expected) =>
        Rows(Text(_format, Bounced with { Address = address, Source = source })).Single()["dlvSourceIp"].ShouldBe(expected);

    [Theory]
    [InlineData("550 a\r\n250 b", "550 a\\r\\n250 b")]
    [InlineData("550 \"a\",,\"\"b\"", "550 \"a\",,\"\"b\"")]
    [InlineData("550 \u2028\u202e\u0085\0", "550 \\u2028\\u202e\\u0085\\u0000")]
    [InlineData("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0")]
    public void Append_HostileWords_StayInTheirField(string words, string expected)
    {
        var text = Text(_format, Bounced with { Reply = words, Recipient = words, Tenant = words, Tags = [words] });

        text.Split('\n').Length.ShouldBe(2);
        var row = Rows(text).Single();
        row["dsnDiag"].ShouldEndWith(";" + expected);
        (row["rcpt"], row["tenant"], row["jobId"], row["attempt"]).ShouldBe((expected, expected, expected, "2"));
    }

    private List<Dictionary<string, string>> Rows(string text)
    {
        List<string> names = [], fields = [];
        CsvLine.TrySplit(System.Text.Encoding.UTF8.GetString(_format.Head.Span).TrimEnd(), names).ShouldBeTrue();
        var rows = new List<Dictionary<string, string>>();
        foreach (var line in text.Split("\r\n")[..^1])
        {
            CsvLine.TrySplit(line, fields).ShouldBeTrue(line);
            fields.Count.ShouldBe(names.Count, line);
            rows.Add(names.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second));
        }

        return rows;
    }
}
