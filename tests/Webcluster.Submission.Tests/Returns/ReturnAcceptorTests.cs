using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Intake;
using Webcluster.Protocol.Smtp;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Suppression;
using Webcluster.Queue.Traffic;
using Webcluster.Submission.Acceptance;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Replies;
using Webcluster.Submission.Returns;
using Webcluster.Submission.Suppressing;
using Webcluster.Submission.Tests.Harness;
using Webcluster.Submission.Unsubscribing;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Metrics;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Submission.Tests.Returns;

/// <summary>What is taken at a return listener, and what becomes of it.</summary>
public sealed partial class ReturnAcceptorTests : IDisposable
{
    private const int MostPerMinute = 30;

    private static readonly MessageId Message = new(Guid.Parse("019aab5c-0001-7000-8000-0123456789ab"));
    private static readonly Mailbox Ann = new("ann", "example.org"), Bob = new("bob", "example.org");

    private readonly FakeEventLog _events = new();
    private readonly FakeSuppressor _suppressor = new();
    private readonly FakeTraffic _traffic = new();
    private readonly TestMeters _meters = new();
    private readonly TestLog _log = new();
    private readonly ManualClock _clock = new();
    private readonly FakeCredentials _users = new();
    private readonly UnsubscribeLinks _links;
    private readonly ReturnAcceptor _acceptor;
    private int[] _expectedLog = [];

    public ReturnAcceptorTests()
    {
        var metrics = new WayBackMetrics(_meters);
        _links = new UnsubscribeLinks(new UnsubscribeOptions { Url = "https://m.example" }, TokenKeys.Ring, TokenKeys.Paths);
        var unsubscriber = new Unsubscriber(_links, _events, _suppressor, metrics, _clock, _log.CreateLogger<Unsubscriber>());
        _acceptor = new ReturnAcceptor(
            new ReturnAddresses(TokenKeys.Paths, [new Mailbox("Loop", "isp.example")], "mx.example.com", takesUnsubscribe: true), TokenKeys.Paths,
            new ReportReader(ReplyClassifier.Shipped()),
            new ReturnRecorder(
                _events, _suppressor, _traffic, new RecorderSurroundings("node1", _clock, new KnownTenants(_users, ["trusted"])), metrics,
                _log.CreateLogger<ReturnRecorder>()),
            new ReturnServices(
                unsubscriber, new AddressMeter(_clock, MostPerMinute), _clock, metrics, _log.CreateLogger<ReturnAcceptor>()));
        _users.Add("app", "x", tenant: "shop");
        Know(Ann, Bob);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _log.ShouldBeQuiet(_expectedLog);
    }

    [Theory]
    [InlineData("fbl@bounce.example.com", null)]
    [InlineData("ABUSE@back.shop.example", null)]
    [InlineData("postmaster@bounce.example.com", null)]
    [InlineData("Postmaster@mx.example.com", null)]
    [InlineData("unsubscribe@bounce.example.com", null)]
    [InlineData("loop@isp.example", null)]
    [InlineData("abuse@mx.example.com", ServerReply.NoRelay)]
    [InlineData("fbl@example.com", ServerReply.NoRelay)]
    [InlineData("anybody@example.org", ServerReply.NoRelay)]
    [InlineData("anybody@bounce.example.com", ServerReply.NoRelay)]
    [InlineData("b+x@example.org", ServerReply.NoRelay)]
    [InlineData("b+@bounce.example.com", ServerReply.UnknownReturnPath)]
    [InlineData("b+x@bounce.example.com", ServerReply.UnknownReturnPath)]
    [InlineData("x@[127.0.0.1]", ServerReply.NoRelay)]
    public async Task Refuses_Address_UnlessItIsOurs(string address, object? expected)
    {
        Mailbox.TryParse(address, out var mailbox).ShouldBeTrue();
        (await _acceptor.RefusesAsync(mailbox!, "", CancellationToken.None)).ShouldBe((ServerReply?)expected);
    }

    [Fact]
    public async Task Refuses_ReturnPath_OnlyWhereItIsForgedOrTooOld()
    {
        (await _acceptor.RefusesAsync(Path(Ann), "", CancellationToken.None)).ShouldBeNull();
        var upper = Path(Ann) with { LocalPart = Path(Ann).LocalPart.ToUpperInvariant() };
        (await _acceptor.RefusesAsync(upper, "", CancellationToken.None)).ShouldBeNull();
        var forged = new ReturnPaths(
            "bounce.example.com", new Dictionary<string, string>(), new TokenKeyRing([TokenKey.Create(1, new string('x', 32), out _)!]),
            TimeSpan.FromDays(30));
        (await _acceptor.RefusesAsync(forged.For("", Message.Value, [Ann], _clock.GetUtcNow()), "", CancellationToken.None))
            .ShouldBe(ServerReply.UnknownReturnPath);
        _clock.Advance(TimeSpan.FromDays(32));
        (await _acceptor.RefusesAsync(TokenKeys.Paths.For("", Message.Value, [Ann], _clock.GetUtcNow().AddDays(-32)), "", CancellationToken.None))
            .ShouldBe(ServerReply.UnknownReturnPath);
    }

    [Fact]
    public async Task Accept_HardBounce_IsAnEventAndSuppresses()
    {
        await TakeAsync(Path(Ann), Reports.Dsn("ANN@example.org"));
        var happened = _events.Appended.Single();
        happened.Kind.ShouldBe(MailEventKind.BouncedLater);
        happened.Message.ShouldBe(Message.ToString());
        happened.Tenant.ShouldBe("shop");
        happened.Sender.ShouldBe("news@shop.example");
        happened.Recipient.ShouldBe("ann@example.org", "as the message went out to it");
        happened.Status.ShouldBe("5.1.1");
        happened.Bounce.ShouldBe("invalid-recipient");
        happened.Permanent.ShouldBe(true);
        happened.Suppressing.ShouldBe(true);
        happened.Provider.ShouldBe("org");
        happened.Node.ShouldBe("node1");
        _suppressor.Suppressed.ShouldBe(
            [new SuppressedRecipient("shop", Ann, SuppressionReason.HardBounce, Message.ToString(), "report by mail")]);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, true)]
    public async Task Accept_FullMailbox_CountsAndSuppressesOnTheLastTimeOnly(bool isLast, bool? isSuppressing)
    {
        _suppressor.IsLastTime = isLast;
        await TakeAsync(Path(Ann), Reports.Dsn("ann@example.org", "5.2.2", "552 5.2.2 Mailbox is full"));
        _events.Appended.Single().Bounce.ShouldBe("mailbox-full");
        _events.Appended.Single().Suppressing.ShouldBe(isSuppressing);
        _suppressor.Suppressed.Single().Reason.ShouldBe(SuppressionReason.RepeatedSoft);
    }

    [Fact]
    public async Task Accept_BouncedForAReasonOfTheMessage_CountsNothing()
    {
        await TakeAsync(Path(Ann), Reports.Dsn("ann@example.org", "5.3.4", "552 5.3.4 Message too large"));
        _events.Appended.Single().Bounce.ShouldBe("message-too-large");
        _suppressor.Suppressed.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("BOB@example.org", "bob@example.org")]
    [InlineData("stranger@example.net", null)]
    public async Task Accept_ReportOfSharedReturnPath_IsAboutWhomItNamesIfTheMessageWentThere(string named, string? expected)
    {
        await TakeAsync(Path(Ann, Bob), Reports.Dsn(named));
        _events.Appended.Single().Recipient.ShouldBe(expected);
        _suppressor.Suppressed.Count.ShouldBe(expected is null ? 0 : 1);
    }

    [Fact]
    public async Task Accept_SameReportAgain_IsToldOnce()
    {
        await TakeAsync(Path(Ann), Reports.Dsn("ann@example.org"));
        _events.Known[Message.ToString()].AddRange(_events.Appended);
        await TakeAsync(Path(Ann), Reports.Dsn("ann@example.org"));
        _events.Appended.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Accept_WhatIsNoFailure_IsTakenAndChangesNothing()
    {
        await TakeAsync(Path(Ann), Reports.AutoReply);
        await TakeAsync(Path(Ann), Reports.Dsn("ann@example.org", "4.4.1", "connection timed out", "delayed"));
        await TakeAsync(Path(Ann), "Subject: hello\r\n\r\nwho are you?\r\n");
        await TakeAsync(new Mailbox("postmaster", "bounce.example.com"), "Subject: hello\r\n\r\nwho are you?\r\n");
        await TakeAsync(Path(Ann), "");
        _events.Appended.ShouldBeEmpty();
        _suppressor.Suppressed.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("abuse", MailEventKind.Complained, SuppressionReason.Complaint)]
    [InlineData("opt-out", MailEventKind.Unsubscribed, SuppressionReason.Unsubscribe)]
    public async Task Accept_FeedbackWithReference_FindsItsMessage(string type, MailEventKind kind, object cause)
    {
        await TakeAsync(new Mailbox("fbl", "bounce.example.com"), Reports.Complaint(Reference(), type));
        _events.Appended.Single().Kind.ShouldBe(kind);
        _events.Appended.Single().Recipient.ShouldBe("ann@example.org");
        _suppressor.Suppressed.Single().Reason.ShouldBe((SuppressionReason)cause);
    }

    [Fact]
    public async Task Accept_ComplaintTwice_WeighsOnceOnTheWarmupOfWhereTheMailLeftFrom()
    {
        await TakeAsync(new Mailbox("fbl", "bounce.example.com"), Reports.Complaint(Reference()));
        _events.Known[Message.ToString()].AddRange(_events.Appended);
        await TakeAsync(new Mailbox("fbl", "bounce.example.com"), Reports.Complaint(Reference()));
        _traffic.Adjusted.ShouldBe([("org", "mta1", new Adjustment.Complaint())]);
    }

    [Fact]
    public async Task Accept_FeedbackWithoutProof_ChangesNothing()
    {
        var forged = new ReturnToken(TokenKind.Reference, Message.Value, RecipientMark.Several, new DateOnly(2027, 1, 1))
            .Write(new TokenKeyRing([TokenKey.Create(1, new string('x', 32), out _)!]));
        foreach (var reference in new[] { "", forged, "nonsense" })
            await TakeAsync(new Mailbox("fbl", "bounce.example.com"), Reports.Complaint(reference));
        _events.Appended.ShouldBeEmpty();
        _suppressor.Suppressed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Accept_LateComplaint_CountsThoughItsReferenceHasExpired()
    {
        var reference = Reference();
        _clock.Advance(TimeSpan.FromDays(40));
        await TakeAsync(new Mailbox("fbl", "bounce.example.com"), Reports.Complaint(reference));
        _events.Appended.Single().Kind.ShouldBe(MailEventKind.Complained);
    }

    [Theory]
    [InlineData("shop", "ANN@example.org", "ann@example.org")]
    [InlineData("trusted", "ann@example.org", "ann@example.org")]
    [InlineData("shop", "bob@example.org", null)]
    [InlineData("stranger", "ann@example.org", null)]
    public async Task Accept_ReportOfForgottenMessage_SuppressesWhomItNamesIfTheTokenMarksThatOne(string tenant, string named, string? expected)
    {
        _events.Known.Clear();
        await TakeAsync(TokenKeys.Paths.For(tenant, Message.Value, [Ann], _clock.GetUtcNow()), Reports.Dsn(named));
        var happened = _events.Appended.Single();
        (happened.Recipient?.ToLowerInvariant()).ShouldBe(expected);
        happened.Tenant.ShouldBe(expected is null ? null : tenant);
        _suppressor.Suppressed.Select(one => one.Tenant).ShouldBe(expected is null ? [] : [tenant]);
    }

    [Fact]
    public async Task Accept_TokenOfBeforeMarksHadTenants_FindsItsRecipientAndSuppressesWhileTheTenantIsKnown()
    {
        await TakeAsync(Path(Ann), Reports.Dsn("ann@example.org"));
        _suppressor.Suppressed.Count.ShouldBe(1);
        _events.Known.Clear();
        await TakeAsync(Path(Ann), Reports.Dsn("ann@example.org"));
        _events.Appended[^1].Recipient.ShouldBe("ann@example.org");
        _events.Appended[^1].Tenant.ShouldBeNull();
        _suppressor.Suppressed.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Accept_ReportOfForgottenMessageToSeveral_SuppressesNobody()
    {
        _events.Known.Clear();
        await TakeAsync(TokenKeys.Paths.For("shop", Message.Value, [Ann, Bob], _clock.GetUtcNow()), Reports.Dsn("ann@example.org"));
        _events.Appended.Single().Recipient.ShouldBeNull();
        _suppressor.Suppressed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Accept_StoreAway_IsToComeAgain()
    {
        _expectedLog = [1104];
        _events.IsAway = true;
        (await SendAsync(Path(Ann), Reports.Dsn("ann@example.org"))).ShouldBe(new AcceptResult.Refused(ServerReply.StoreUnavailable));
        _events.IsAway = false;
        _suppressor.IsAway = true;
        (await SendAsync(Path(Ann), Reports.Dsn("ann@example.org"))).ShouldBe(new AcceptResult.Refused(ServerReply.StoreUnavailable));
        _events.Appended.ShouldBeEmpty();
    }

    [Fact]
    public async Task Accept_LinkAsSubject_Unsubscribes()
    {
        var mail = Encoding.ASCII.GetBytes("To: x\r\n" + _links.Fields("shop", "", Ann, _clock.GetUtcNow()));
        var subject = Encoding.ASCII.GetString(mail).Split("subject=")[1].Split('>')[0];
        await TakeAsync(new Mailbox("unsubscribe", "bounce.example.com"), $"Subject: {subject[..20]}\r\n {subject[20..]}\r\n\r\n");
        _events.Appended.Single().Kind.ShouldBe(MailEventKind.Unsubscribed);
        _events.Appended.Single().Reason.ShouldBe("mail");
        _suppressor.Suppressed.Single().Address.ShouldBe(Ann);
    }

    [Theory]
    [InlineData("Subject: unsubscribe\r\n\r\n")]
    [InlineData("\r\n")]
    [InlineData("")]
    public async Task Accept_NoLinkAsSubject_IsRefused(string mail) =>
        (await SendAsync(new Mailbox("unsubscribe", "bounce.example.com"), mail)).ShouldBe(new AcceptResult.Refused(ServerReply.UnknownLink));

    [Fact]
    public async Task Accept_TooManyFromOneAddress_AreForLater()
    {
        for (var mail = 0; mail < MostPerMinute; mail++) await TakeAsync(Path(Ann), Reports.AutoReply);
        (await SendAsync(Path(Ann), Reports.AutoReply)).ShouldBe(new AcceptResult.Refused(ServerReply.TooMuchFromAddress));
    }

    private Mailbox Path(params Mailbox[] recipients) => TokenKeys.Paths.For("", Message.Value, recipients, _clock.GetUtcNow());

    private string Reference() => TokenKeys.Paths.Reference("shop", Message.Value, [Ann], _clock.GetUtcNow());

    private void Know(params Mailbox[] recipients) => _events.Known[Message.ToString()] =
    [
        new MailEvent
        {
            Kind = MailEventKind.Accepted, At = _clock.GetUtcNow(), Message = Message.ToString(), Tenant = "shop", Sender = "news@shop.example",
            Recipients = [.. recipients.Select(recipient => recipient.ToString())],
        },
        .. recipients.Select(recipient => new MailEvent
        {
            Kind = MailEventKind.Delivered, At = _clock.GetUtcNow(), Message = Message.ToString(), Tenant = "shop",
            Recipient = recipient.ToString(), Provider = "org", Source = "mta1",
        }),
    ];

    private async Task TakeAsync(Mailbox address, string mail) => (await SendAsync(address, mail)).ShouldBe(new AcceptResult.Taken());

    private async Task TakeAgainAsync(string mail)
    {
        var told = _events.Appended.Count;
        await TakeAsync(Path(Ann), mail);
        _events.Known[Message.ToString()].AddRange(_events.Appended.Skip(told));
    }

    private ValueTask<AcceptResult> SendAsync(Mailbox address, string mail, string? reversePath = null) => _acceptor.AcceptAsync(
        new IncomingMessage(
            reversePath is not null && Mailbox.TryParse(reversePath, out var sender) ? sender : null, MailParameters.None,
            [new QueuedRecipient(address, DsnNotify.NotGiven, null)], Encoding.Latin1.GetBytes(mail), null,
            new SubmissionOrigin(IPAddress.Parse("203.0.113.9"), "mx.example.org", IsExtended: true, null, IsAuthenticated: false),
            new AuthenticatedPrincipal("", "", SenderPatterns.Any, null)),
        CancellationToken.None);
}
