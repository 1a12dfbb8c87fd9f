using Shouldly;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Acceptance;
using Xunit;

namespace Webcluster.Submission.Tests.Returns;

/// <summary>Which bounces count, whom they suppress, and what is told again.</summary>
public sealed partial class ReturnAcceptorTests
{
    [Fact]
    public async Task Accept_ReportOfMarkedReturnPathNamingAForward_DoesNotSuppressAtOnce()
    {
        _suppressor.IsLastTime = false;
        await TakeAsync(Path(Ann), Reports.Dsn("someone-else@example.org"));
        _events.Appended.Single().Recipient.ShouldBe("ann@example.org", "the token says so, whatever the report says");
        _events.Appended.Single().Permanent.ShouldBe(true);
        _events.Appended.Single().Suppressing.ShouldBeNull();
        _suppressor.Suppressed.Single().Reason.ShouldBe(SuppressionReason.RepeatedSoft);
    }

    [Fact]
    public async Task Accept_ReportNamingTheForwardAndWhomItStandsFor_Suppresses()
    {
        await TakeAsync(Path(Ann), Reports.Dsn("someone-else@example.org\r\nOriginal-Recipient: rfc822; ann@example.org"));
        _suppressor.Suppressed.Single().Reason.ShouldBe(SuppressionReason.HardBounce);
    }

    [Theory]
    [InlineData("4.4.7", "450 4.4.7 Message expired")]
    [InlineData("5.0.0", "Delivery error")]
    public async Task Accept_LesserThenHardBounce_SuppressesAndIsToldOnceMore(string status, string diagnostic)
    {
        await TakeAgainAsync(Reports.Dsn("ann@example.org", status, diagnostic));
        _suppressor.Suppressed.ShouldBeEmpty();
        foreach (var _ in Enumerable.Range(0, 2)) await TakeAgainAsync(Reports.Dsn("ann@example.org"));
        _events.Appended.Select(each => each.Status).ShouldBe([status, "5.1.1"]);
        _suppressor.Suppressed.Single().Reason.ShouldBe(SuppressionReason.HardBounce);
        await TakeAgainAsync(Reports.Dsn("ann@example.org", status, diagnostic));
        _events.Appended.Count.ShouldBe(2, "less is no news");
    }

    [Fact]
    public async Task Accept_HardBounceTwiceWhereNoneSuppress_IsToldOnce()
    {
        _suppressor.TakesNoHardBounces = true;
        foreach (var _ in Enumerable.Range(0, 2)) await TakeAgainAsync(Reports.Dsn("ann@example.org"));
        _events.Appended.Single().Suppressing.ShouldBeNull();
    }

    [Fact]
    public async Task Accept_HardBounceAfterTheSameOfAForward_SuppressesAndIsToldOnceMore()
    {
        await TakeAgainAsync(Reports.Dsn("someone-else@example.org"));
        foreach (var _ in Enumerable.Range(0, 2)) await TakeAgainAsync(Reports.Dsn("ann@example.org"));
        _events.Appended.Select(each => each.Suppressing).ShouldBe([null, true]);
        _suppressor.Suppressed.Select(one => one.Reason).ShouldBe([SuppressionReason.RepeatedSoft, SuppressionReason.HardBounce]);
    }

    [Fact]
    public async Task Accept_SeveralGroups_ThatOfTheRecipientCounts()
    {
        var groups = "someone-else@example.org\r\nAction: failed\r\nStatus: 4.2.2\r\n\r\nFinal-Recipient: rfc822; ann@example.org";
        await TakeAsync(Path(Ann), Reports.Dsn(groups));
        _events.Appended.Single().Status.ShouldBe("5.1.1");
        _suppressor.Suppressed.Single().Reason.ShouldBe(SuppressionReason.HardBounce);
    }

    [Fact]
    public async Task Accept_DelayWarningThenBounce_BouncesAndSuppresses()
    {
        await TakeAgainAsync("From: MAILER-DAEMON@mx.example.org\r\nSubject: Warning: message 1abc-00 delayed 24 hours\r\n\r\n"
            + "A message that you sent has not yet been delivered:\r\n\r\n  ann@example.org\r\n    Delay reason: 452 4.2.2 Mailbox full\r\n"
            + "\r\nDelivery attempts will continue. Eventually the software will give up,\r\nand the message will be returned to you.\r\n");
        _events.Appended.ShouldBeEmpty();
        await TakeAgainAsync(Reports.Dsn("ann@example.org"));
        _suppressor.Suppressed.Single().Reason.ShouldBe(SuppressionReason.HardBounce);
    }

    [Theory]
    [InlineData("support@people.example", 0)]
    [InlineData(null, 1)]
    public async Task Accept_TicketAnswerFromAPersonsAddress_IsNoBounce(string? reversePath, int events)
    {
        (await SendAsync(Path(Ann), "From: Support <support@people.example>\r\nSubject: Message rejected: ticket 4711 is closed\r\n\r\n"
            + "Your reply could not be delivered to an agent.\r\n\r\nNew requests:\r\n\r\nhelp@people.example\r\n", reversePath))
            .ShouldBe(new AcceptResult.Taken());
        _events.Appended.Count.ShouldBe(events);
    }
}
