using System.Text;
using Shouldly;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Routing;
using Webcluster.Submission.Tests.Harness;
using Xunit;

namespace Webcluster.Submission.Tests.Acceptance;

/// <summary>What is stored for what was sent.</summary>
public sealed class MessageAcceptorTests
{
    private const string Complete =
        "From: a@x.example\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\nMessage-ID: <1@x.example>\r\nSubject: t\r\n\r\nbody\r\n";

    [Fact]
    public async Task Accept_CompleteMessage_GetsReceivedAndKeepsItsOctets()
    {
        using var server = new SubmissionServer();
        await SendAsync(server, Complete);
        var stored = server.Queue.Single;
        Encoding.Latin1.GetString(stored.Content.Body.Span).ShouldBe(Complete);
        Encoding.Latin1.GetString(stored.Content.Prefix.Span).ShouldBe(
            $"Received: from client.example ([192.0.2.1])\r\n\tby mx.example with ESMTP id {stored.Id}\r\n"
            + "\tfor <b@y.example>;\r\n\tSun, 22 Nov 2026 02:34:56 +0000\r\n");
        stored.AcceptedAt.ShouldBe(server.Clock.GetUtcNow());
        stored.ExpiresAt.ShouldBe(server.Clock.GetUtcNow() + TimeSpan.FromDays(5));
        stored.Envelope.ShouldBe(new(new("a", "x.example"), null, DsnReturn.NotGiven, EightBit: false, SmtpUtf8: false, "default"));
    }

    [Fact]
    public async Task Accept_NothingGiven_GetsWhatIsMissing()
    {
        using var server = new SubmissionServer();
        await SendAsync(server, "hello\r\nworld\r\n");
        var text = FakeQueue.Text(server.Queue.Single);
        text.ShouldEndWith(
            $"\r\nDate: Sun, 22 Nov 2026 02:34:56 +0000\r\nMessage-ID: <{server.Queue.Single.Id}@mx.example>\r\n"
            + "From: <a@x.example>\r\n\r\nhello\r\nworld\r\n");
    }

    [Fact]
    public async Task Accept_NoFromAndNoSender_IsRefused()
    {
        using var server = new SubmissionServer();
        (await SendAsync(server, "Subject: t\r\n\r\n", from: "<>")).ShouldContain("550 5.6.0 Message has no From field");
        server.Queue.Stored.ShouldBeEmpty();
    }

    [Fact]
    public async Task Accept_OwnFieldsAndBcc_AreStripped()
    {
        using var server = new SubmissionServer();
        await SendAsync(
            server,
            "bcc: c@z.example\r\nX-WC-Class: bulk\r\nFrom: a@x.example\r\nBcc:\r\n d@z.example,\r\n e@z.example\r\n"
            + "X-Wc-Tag: t\r\nX-WCX: stays\r\nResent-Bcc: f@z.example\r\nSubject: t\r\n\r\nBcc: stays\r\n");
        Encoding.Latin1.GetString(server.Queue.Single.Content.Body.Span)
            .ShouldBe("From: a@x.example\r\nX-WCX: stays\r\nSubject: t\r\n\r\nBcc: stays\r\n");
        server.Queue.Single.Deliveries.Single().Class.ShouldBe(MailClass.Bulk);
    }

    [Theory]
    [InlineData("", MailClass.Normal)]
    [InlineData("X-WC-Class: transactional\r\n", MailClass.Transactional)]
    [InlineData("x-wc-class:  BULK \r\n", MailClass.Bulk)]
    [InlineData("X-WC-Class: fastest\r\n", MailClass.Normal)]
    public async Task Accept_Class_IsTheHeaders(string field, MailClass expected)
    {
        using var server = new SubmissionServer();
        await SendAsync(server, field + Complete);
        server.Queue.Single.Deliveries.Single().Class.ShouldBe(expected);
    }

    [Theory]
    [InlineData(MailClass.Bulk, "", MailClass.Bulk)]
    [InlineData(MailClass.Bulk, "X-WC-Class: transactional\r\n", MailClass.Bulk)]
    [InlineData(MailClass.Normal, "X-WC-Class: transactional\r\n", MailClass.Normal)]
    [InlineData(MailClass.Normal, "X-WC-Class: bulk\r\n", MailClass.Bulk)]
    [InlineData(MailClass.Transactional, "", MailClass.Transactional)]
    [InlineData(MailClass.Transactional, "X-WC-Class: normal\r\n", MailClass.Normal)]
    public async Task Accept_ClassAboveTheUsers_IsTheUsers(MailClass given, string field, MailClass expected)
    {
        await using var session = await AuthSession.BeginAsync(server => server.Users.Add("user", "secret", mailClass: given));
        await session.Client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "235");
        await session.Client.SendAsync($"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n{field}{Complete}.\r\n");
        foreach (var reply in new[] { "250", "250", "354", "250 2.0.0" }) await session.Client.ExpectAsync(reply);
        session.Server.Queue.Single.Deliveries.Single().Class.ShouldBe(expected);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("X-WC-Pool: marketing\r\n", "marketing")]
    [InlineData("x-wc-pool:  a.b_c-1 \r\n", "a.b_c-1")]
    [InlineData("X-WC-Pool: Marketing\r\n", null)]
    [InlineData("X-WC-Pool: a b\r\n", null)]
    [InlineData("X-WC-Pool:\r\n", null)]
    public async Task Accept_Router_IsToldWhereTheMailComesFrom(string field, string? pool)
    {
        using var server = new SubmissionServer();
        await SendAsync(server, field + "X-WC-Class: bulk\r\n" + Complete);
        server.Router.Origin.ShouldBe(new MailOrigin("x.example", "", "default", MailClass.Bulk, pool));
        FakeQueue.Text(server.Queue.Single).ShouldNotContain("X-WC-");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("X-WC-Tag: spring\r\n", "spring")]
    [InlineData("x-wc-tag:  a,b ,\r\n c\r\nSubject: t\r\nX-WC-Tag: d, a\r\n", "a b c d")]
    [InlineData("X-WC-Tag: caf\u00e9, ok, \"quoted\", a;b, ,\r\n", "ok")]
    [InlineData("X-WC-Tag: 1,2,3,4,5,6,7,8,9,10\r\n", "1 2 3 4 5 6 7 8")]
    public async Task Accept_Tags_AreTheHeaders(string fields, string expected)
    {
        using var server = new SubmissionServer();
        await SendAsync(server, fields + Complete);
        server.Queue.Single.Envelope.Tags.ToString().ShouldBe(expected);
        Encoding.Latin1.GetString(server.Queue.Single.Content.Body.Span).ShouldNotContain("-wc-", Case.Insensitive);
    }

    [Fact]
    public async Task Accept_Recipients_AreGroupedByLaneAndRoutedOncePerDomain()
    {
        using var server = new SubmissionServer();
        await SendAsync(
            server, Complete, recipients: ["1@one.big.example", "2@y.example", "3@two.big.example", "4@one.big.example", "5@y.example"]);
        server.Queue.Single.Deliveries
            .Select(delivery => $"{delivery.Lane}: {string.Join(' ', delivery.Recipients.Select(recipient => recipient.Address))}")
            .ShouldBe(
            [
                "big/mx.big.example|default: 1@one.big.example 3@two.big.example 4@one.big.example",
                "y.example|default: 2@y.example 5@y.example",
            ]);
        server.Router.Asked.Order().ShouldBe(["one.big.example", "two.big.example", "y.example"]);
        // One of several recipients is not named to the others.
        FakeQueue.Text(server.Queue.Single).ShouldNotContain("for <");
    }

    [Theory]
    [InlineData("1@few.example", "1")]
    [InlineData("1@few.example 2@few.example", "1 2")]
    [InlineData("1@few.example 2@few.example 3@few.example", "1 2, 3")]
    [InlineData("1@few.example a@y.example 2@few.example 3@few.example b@y.example c@y.example 4@few.example 5@few.example", "1 2, 3 4, 5, a b c")]
    public async Task Accept_MoreRecipientsThanOneTransactionMayHave_AreSeveralDeliveries(string recipients, string expected)
    {
        using var server = new SubmissionServer();
        await SendAsync(server, Complete, recipients: recipients.Split(' '));
        var deliveries = server.Queue.Single.Deliveries
            .Select(delivery => string.Join(' ', delivery.Recipients.Select(recipient => recipient.Address.LocalPart)));
        string.Join(", ", deliveries).ShouldBe(expected);
    }

    [Fact]
    public async Task Accept_RecipientWithoutRoute_RefusesAll()
    {
        using var server = new SubmissionServer();
        (await SendAsync(server, Complete, recipients: ["b@y.example", "c@refused.example"]))
            .ShouldContain("550 5.1.2 Recipient has no domain");
        server.Queue.Stored.ShouldBeEmpty();
    }

    [Fact]
    public async Task Accept_DsnParameters_AreStored()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync(
            "EHLO c\r\nMAIL FROM:<a@x.example> RET=HDRS ENVID=id+2B1\r\n"
            + "RCPT TO:<b@y.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;o+2B@z.example\r\nDATA\r\n.\r\n");
        await client.FinishAsync();
        var stored = server.Queue.Single;
        (stored.Envelope.Return, stored.Envelope.EnvelopeId).ShouldBe((DsnReturn.Headers, "id+1"));
        var recipient = stored.Deliveries.Single().Recipients.Single();
        (recipient.Notify, recipient.OriginalRecipient).ShouldBe((DsnNotify.Success | DsnNotify.Delay, "rfc822;o+@z.example"));
    }

    [Theory]
    [InlineData("<a@x.example>", "b@y.example", "Subject: t\r\n\r\nplain", false, false)]
    [InlineData("<a@x.example>", "b@y.example", "Subject: t\r\n\r\nb\xc3\xb6dy", true, false)]
    [InlineData("<a@x.example>", "b@y.example", "Subject: \xc3\xa9\r\n\r\n", true, false)]
    [InlineData("<a@x.example> SMTPUTF8", "b@y.example", "Subject: t\r\n\r\nb\xc3\xb6dy", true, false)]
    [InlineData("<a@x.example> SMTPUTF8", "b@y.example", "Subject: \xc3\xa9\r\n\r\n", true, true)]
    [InlineData("<a@x.example> SMTPUTF8", "\xc3\xa9@y.example", "Subject: t\r\n\r\n", false, true)]
    [InlineData("<\xc3\xa9@x.example> SMTPUTF8", "b@y.example", "From: a@x\r\n\r\n", false, true)]
    public async Task Accept_Octets_DecideWhatTheyNeed(string from, string to, string content, bool eightBit, bool smtpUtf8)
    {
        using var server = new SubmissionServer();
        await SendAsync(server, content + "\r\n", from, [to]);
        var envelope = server.Queue.Single.Envelope;
        (envelope.EightBit, envelope.SmtpUtf8).ShouldBe((eightBit, smtpUtf8));
        FakeQueue.Text(server.Queue.Single).ShouldContain(smtpUtf8 ? " with UTF8SMTP id " : " with ESMTP id ");
    }

    [Fact]
    public async Task Accept_HiddenClient_IsNotInReceived()
    {
        using var server = new SubmissionServer();
        server.Options.HideClientAddress = true;
        await SendAsync(server, Complete);
        FakeQueue.Text(server.Queue.Single).ShouldStartWith("Received: from localhost\r\n\tby mx.example with ESMTP id ");
        FakeQueue.Text(server.Queue.Single).ShouldNotContain("192.0.2.1");
    }

    [Theory]
    [InlineData("From: A <a@x.example>\r\n\r\nbody\r\n")]
    [InlineData("Bcc: c@z.example\r\nFrom: A <a@mail.x.example>\r\n\r\nbody\r\n")]
    [InlineData("From: unreadable\r\n\r\nbody\r\n")]
    [InlineData("no header at all\r\n")]
    [InlineData("")]
    public Task Accept_KeyOfTheAuthor_SignsWhatIsStored(string content) => VerifyAsync(server => SendAsync(server, content));

    [Fact]
    public Task Accept_KeyOfTheAuthor_SignsWhatCameInChunks() => VerifyAsync(async server =>
    {
        var client = server.Connect();
        await client.SendAsync("EHLO c\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\n");
        await client.SendAsync("BDAT 22\r\nFrom: <a@x.example>\r\n\rBDAT 9\r\n\nTwo  \r\n\rBDAT 8 LAST\r\n\nwords\r\nQUIT\r\n");
        (await client.FinishAsync()).ShouldContain("queued as");
    });

    private static async Task VerifyAsync(Func<SubmissionServer, Task> send)
    {
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        using var key = DkimKey.FromPem("x.example", "s1", rsa.ExportPkcs8PrivateKeyPem(), out _)!;
        using var server = new SubmissionServer();
        server.Keys.Current = new DkimKeyRing([key]);
        await send(server);
        var stored = server.Queue.Single.Content.ToArray();
        Encoding.Latin1.GetString(stored).ShouldStartWith("DKIM-Signature:");
        var results = await DkimVerifier.VerifyAsync(
            stored, (name, _) => ValueTask.FromResult<IReadOnlyList<string>?>(name == "s1._domainkey.x.example" ? [key.DnsRecord] : []),
            server.Clock.GetUtcNow(), default);
        results.Single().Status.ShouldBe(DkimStatus.Pass, results.Single().Reason);
    }

    [Fact]
    public async Task Accept_NoKeyForTheAuthor_IsNotSigned()
    {
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        using var key = DkimKey.FromPem("other.example", "s1", rsa.ExportPkcs8PrivateKeyPem(), out _)!;
        using var server = new SubmissionServer();
        server.Keys.Current = new DkimKeyRing([key]);
        await SendAsync(server, Complete);
        FakeQueue.Text(server.Queue.Single).ShouldStartWith("Received:");
    }

    [Fact]
    public async Task Accept_Message_IsLoggedOnceWithoutContent()
    {
        using var server = new SubmissionServer();
        await SendAsync(server, Complete);
        var entry = server.Log.Entries.Single(entry => entry.Id == 1000);
        entry.Text.ShouldBe(
            $"Accepted {server.Queue.Single.Id} for tenant default from 192.0.2.1: sender <a@x.example>, 1 recipients, "
            + $"{server.Queue.Single.Content.Length} octets, TLS none");
    }

    private static async Task<string> SendAsync(
        SubmissionServer server, string content, string from = "<a@x.example>", string[]? recipients = null)
    {
        var client = server.Connect();
        var envelope = string.Concat((recipients ?? ["b@y.example"]).Select(recipient => $"RCPT TO:<{recipient}>\r\n"));
        await client.SendAsync($"EHLO client.example\r\nMAIL FROM:{from}\r\n{envelope}DATA\r\n{content}.\r\nQUIT\r\n");
        return await client.FinishAsync();
    }
}
