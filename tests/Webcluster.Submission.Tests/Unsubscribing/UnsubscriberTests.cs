using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue;
using Webcluster.Queue.Events;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Suppressing;
using Webcluster.Submission.Tests.Harness;
using Webcluster.Submission.Unsubscribing;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Metrics;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Submission.Tests.Unsubscribing;

public sealed class UnsubscriberTests : IDisposable
{
    private static readonly UnsubscribeToken All = new("shop", "", new("ann", "example.org"), new DateOnly(2028, 1, 1));

    private readonly FakeEventLog _events = new();
    private readonly FakeSuppressor _suppressor = new();
    private readonly TestMeters _meters = new();
    private readonly TestLog _log = new();
    private readonly ManualClock _clock = new();
    private readonly Unsubscriber _unsubscriber;

    public UnsubscriberTests()
    {
        var links = new UnsubscribeLinks(new UnsubscribeOptions { Url = "https://m.example" }, TokenKeys.Ring, null);
        _unsubscriber = new Unsubscriber(
            links, _events, _suppressor, new WayBackMetrics(_meters), _clock, _log.CreateLogger<Unsubscriber>());
    }

    public void Dispose()
    {
        _meters.Dispose();
        _log.ShouldBeQuiet();
    }

    [Fact]
    public async Task Unsubscribe_AllMail_SuppressesAndTells()
    {
        await _unsubscriber.UnsubscribeAsync(All, "one-click", CancellationToken.None);
        _suppressor.Suppressed.ShouldBe(
            [new SuppressedRecipient("shop", All.Address, SuppressionReason.Unsubscribe, "", "one-click")]);
        _events.Appended.ShouldBe(
        [
            new MailEvent
            {
                Kind = MailEventKind.Unsubscribed, At = _clock.GetUtcNow(), Tenant = "shop", Recipient = "ann@example.org", Suppressing = true,
                Reason = "one-click",
            },
        ]);
    }

    [Fact]
    public async Task Unsubscribe_OneList_OnlyTells()
    {
        await _unsubscriber.UnsubscribeAsync(All with { List = "news" }, "page", CancellationToken.None);
        _suppressor.Suppressed.ShouldBeEmpty();
        _events.Appended.Single().Suppressing.ShouldBeNull();
        _events.Appended.Single().Reason.ShouldBe("page, list news");
    }

    [Fact]
    public async Task Unsubscribe_ListAway_TellsNobody()
    {
        _suppressor.IsAway = true;
        await Should.ThrowAsync<QueueUnavailableException>(() => _unsubscriber.UnsubscribeAsync(All, "page", CancellationToken.None));
        _events.Appended.ShouldBeEmpty();
    }

    [Fact]
    public void Read_Forged_IsRefused()
    {
        _unsubscriber.Read(All.Write(TokenKeys.Ring)!, out var token).ShouldBe(TokenProblem.None);
        token.ShouldBe(All);
        var other = new TokenKeyRing([TokenKey.Create(1, new string('x', 32), out _)!]);
        _unsubscriber.Read(All.Write(other)!, out _).ShouldBe(TokenProblem.Forged);
    }
}
