using Shouldly;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Xunit;

namespace Webcluster.Delivery.Tests.Outcomes;

public class AttemptOutcomeTests
{
    private static readonly RetrySchedule Schedule = new(new RetryOptions { JitterPercent = 0 }, new Random(1));
    private static readonly Verdict Sent = new Verdict.Delivered(Sample.Reply(250));
    private static readonly Verdict Failed = new Verdict.Failed(Scope.Recipient, new EnhancedCode(5, 1, 1), Sample.Reply(550), "no");
    private static readonly Verdict AtOnce = new Verdict.Deferred(Scope.Session, RetryWhen.AtOnce, "at once");
    private static readonly Verdict Attempted = new Verdict.Deferred(Scope.Message, RetryWhen.AfterAttempt, "attempted");
    private static readonly Verdict Grey = new Verdict.Deferred(Scope.Recipient, RetryWhen.AfterAttempt, "greylisted");
    private static readonly Verdict Maybe = new Verdict.Deferred(Scope.Message, RetryWhen.AfterAttempt, "lost", MaybeSent: true);
    private static readonly Verdict Site = new Verdict.Deferred(Scope.Site, RetryWhen.AfterSiteTrouble, "site");

    public static TheoryData<string, string> Rows => new()
    {
        { "sent", "done sent" },
        { "failed", "done" },
        { "sent failed", "done sent" },
        { "failed failed", "done" },
        { "once", "returned" },
        { "once once", "returned" },
        // Some are done with: that must be kept, so that it is no mere return.
        { "once sent", "b0: 00:00:00" },
        { "failed once", "b1: 00:00:00" },
        { "attempt", "b0: 00:05:00 counts" },
        { "attempt sent", "b0: 00:05:00 counts" },
        { "site", "b0: 01:00:00" },
        { "site failed", "b0: 01:00:00" },
        // The longest wait of those that remain.
        { "once attempt", "b0 b1: 00:05:00 counts" },
        // Who had no turn is the first next time.
        { "attempt once", "b1 b0: 00:05:00 counts" },
        { "once site", "b0 b1: 01:00:00" },
        { "site once", "b1 b0: 01:00:00" },
        // ... and does not wait for those who were put off, where somebody is done with, so that it cannot go on for ever.
        { "grey once sent", "b1 b0: 00:00:00" },
        { "grey once failed once", "b1 b3 b0: 00:00:00" },
        // ... but where all on board were put off together, perhaps with a copy each, nobody is sent at once.
        { "maybe once failed", "b1 b0: 00:05:00 counts" },
        { "attempt once sent", "b1 b0: 00:05:00 counts" },
        { "once site failed", "b0 b1: 01:00:00" },
        { "site attempt", "b0 b1: 00:05:00 counts" },
        { "attempt site", "b0 b1: 00:05:00 counts" },
        { "site attempt once failed sent once", "b2 b5 b0 b1: 00:05:00 counts" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Settlement_SaysTheSameToTheQueue(string verdicts, string expected)
    {
        var names = verdicts.Split(' ');
        var delivery = Sample.Claimed([.. names.Select((_, i) => Sample.Recipient($"b{i}@to.test"))]);
        var outcome = new AttemptOutcome(delivery, [.. names.Select(Verdict)]);
        var settlement = outcome.Settlement(Schedule, Sample.Start.AddHours(1), _ => false);
        settlement.Delivery.ShouldBe(delivery.Id);
        (settlement switch
        {
            Settlement.Done done => done.Sent ? "done sent" : "done",
            Settlement.Returned => "returned",
            Settlement.Deferred deferred =>
                $"{Names(deferred)}: {deferred.After}{(deferred.CountsAttempt ? " counts" : "")}",
            _ => "?",
        }).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 40)]
    public void Settlement_EarlierAttempts_LengthenTheWait(int attempts, int minutes) =>
        Deferred(Attempted, Sample.Start, attempts: attempts).After.ShouldBe(TimeSpan.FromMinutes(minutes));

    [Theory]
    [InlineData(6 * 60, 5 * 60)]
    [InlineData(5 * 60, 5 * 60)]
    [InlineData(4 * 60, 4 * 60)]
    [InlineData(1, 1)]
    // Expired already, and kept all the same (its report could not be stored): the usual wait.
    [InlineData(0, 5 * 60)]
    [InlineData(-60, 5 * 60)]
    public void Settlement_NearExpiry_WaitsNoLonger(int secondsLeft, int expected)
    {
        var now = Sample.Start.AddDays(5).AddSeconds(-secondsLeft);
        Deferred(Attempted, now).After.ShouldBe(TimeSpan.FromSeconds(expected));
    }

    [Fact]
    public void Settlement_Remaining_KeepsTheLastReplyAndTheNotice()
    {
        var deferred = Deferred(Attempted, Sample.Start, told: true);
        deferred.Remaining[0].LastReply.ShouldBe("attempted");
        deferred.Remaining[0].DelayNotified.ShouldBeTrue();
        Deferred(Attempted, Sample.Start).Remaining[0].DelayNotified.ShouldBeFalse();
    }

    [Fact]
    public void Settlement_GoesOnAtOnce_IsNoDelayToTellOf()
    {
        var delivery = Sample.Claimed(Sample.Recipient("a@to.test"), Sample.Recipient("b@to.test"));
        var settlement = new AttemptOutcome(delivery, [Sent, AtOnce]).Settlement(Schedule, Sample.Start, _ => true);
        settlement.ShouldBeOfType<Settlement.Deferred>().Remaining[0].DelayNotified.ShouldBeFalse();
    }

    private static Settlement.Deferred Deferred(Verdict verdict, DateTimeOffset now, bool told = false, int attempts = 0)
    {
        ClaimedDelivery delivery = Sample.Claimed(Sample.Recipient("a@to.test")) with { Attempts = attempts };
        return Sample.Outcome(delivery, verdict).Settlement(Schedule, now, _ => told).ShouldBeOfType<Settlement.Deferred>();
    }

    private static string Names(Settlement.Deferred deferred) =>
        string.Join(' ', deferred.Remaining.Select(recipient => recipient.Address.LocalPart));

    private static Verdict Verdict(string name) => name switch
    {
        "sent" => Sent,
        "failed" => Failed,
        "once" => AtOnce,
        "attempt" => Attempted,
        "grey" => Grey,
        "maybe" => Maybe,
        "site" => Site,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
