using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Webcluster.Node.Webhooks;
using Webcluster.Node.Webhooks.Pump;
using Webcluster.Node.Webhooks.Sending;
using Webcluster.Node.Webhooks.State;
using Webcluster.Queue.Events;
using Webcluster.TestKit.Metrics;
using Xunit;

namespace Webcluster.Node.Tests.Webhooks.Pump;

/// <summary>Which parcel goes next, and what outcomes change: without a network, a clock or a store.</summary>
public sealed class EndpointWorkTests : IDisposable
{
    private static readonly SendResult Taken = new(SendVerdict.Taken, 200, null, TimeSpan.FromMilliseconds(5));
    private static readonly SendResult Refused = new(SendVerdict.Refused, 500, "500", TimeSpan.FromMilliseconds(5));

    private readonly TestMeters _meters = new();
    private readonly EndpointState _state = new();
    private DateTimeOffset _now = WebhookSamples.At;
    private EndpointWork _work;

    public EndpointWorkTests() => _work = Work(1);

    public void Dispose() => _meters.Dispose();

    [Fact]
    public void Next_DifferentMessages_GoTogether_OneMessageInItsOrder()
    {
        Page("a b a a c");

        Start().ShouldBe("evt-0 evt-1 evt-4");
        Settle("evt-1", Taken);
        Start().ShouldBe("", "a's first is still under way");
        Settle("evt-0", Taken);
        Start().ShouldBe("evt-2");
        _work.FinishPage().ShouldBeFalse();
        Settle("evt-2", Taken);
        Start().ShouldBe("evt-3");
        Settle("evt-3", Taken);
        Settle("evt-4", Taken);
        _state.Live.Ahead.Count.ShouldBe(5);
        _work.FinishPage().ShouldBeTrue();
        (_state.Live.Cursor, _state.Live.Ahead.Count, _state.Delivered).ShouldBe(("next", 0, 5));
    }

    [Fact]
    public void Next_WithoutMessage_WaitsForNothing()
    {
        Page("- - -");
        Start().ShouldBe("evt-0 evt-1 evt-2");
    }

    [Fact]
    public void Next_MoreThanEight_WaitForOneToComeBack()
    {
        Page("a b c d e f g h i j");
        Start().Split(' ').Length.ShouldBe(EndpointWork.MostFlights);
        Settle("evt-3", Taken);
        Start().ShouldBe("evt-8");
    }

    [Fact]
    public void Next_Batches_HoldOneMessageInOrder_AndNeverInTwoAtOnce()
    {
        _work = Work(3);
        Page("a a b a c");
        var first = _work.Next(_now)!;
        first.Parcel.Events.ShouldBe(["evt-0", "evt-1", "evt-2"]);
        var second = _work.Next(_now)!;
        second.Parcel.Events.ShouldBe(["evt-4"]);
        _work.Next(_now).ShouldBeNull();
        _work.Settle(first, Taken, _now);
        _work.Next(_now)!.Parcel.Events.ShouldBe(["evt-3"]);
    }

    [Fact]
    public void Settle_NotTaken_IsParkedAndItsFollowersBehindIt_ThePageGoesOn()
    {
        Page("a b a");
        Start();
        Settle("evt-0", Refused);
        Settle("evt-1", Taken);
        Start().ShouldBe("");
        _work.FinishPage().ShouldBeTrue();
        Parked().ShouldBe("evt-0:1 evt-2:0");
        Page("c a", from: 3);
        Start().ShouldBe("evt-3");
        Settle("evt-3", Taken);
        Parked().ShouldBe("evt-0:1 evt-2:0 evt-4:0");

        Pass(TimeSpan.FromSeconds(4.9));
        Start().ShouldBe("");
        Pass(TimeSpan.FromSeconds(0.7));
        Start().ShouldBe("evt-0");
        Settle("evt-0", Taken);
        Start().ShouldBe("evt-2");
        Settle("evt-2", Taken);
        Start().ShouldBe("evt-4");
    }

    [Fact]
    public void Settle_OneEventNeverTaken_FollowsTheSchedule_ThenGivesWay()
    {
        TimeSpan[] waits =
        [
            TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
            TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
        ];
        Page("a a");
        Start().ShouldBe("evt-0");
        foreach (var wait in waits)
        {
            Settle("evt-0", Refused);
            // Others are taken meanwhile: the endpoint is well.
            _work.Health.Took(probe: false);
            var due = _work.NextDue(_now)!.Value - _now;
            due.ShouldBeInRange(wait, wait * 1.1);
            Pass(due);
            Start().ShouldBe("evt-0");
        }

        Settle("evt-0", Refused);

        (_state.GivenUp, Start()).ShouldBe((1, "evt-1"));
    }

    [Fact]
    public void Settle_FiveDifferentFailures_TheEndpointRests_ProbesDoNotCount_SuccessBringsAllInOrder()
    {
        Page("a b c d e f g h i j a");
        Start();
        for (var i = 0; i < 8; i++) Settle($"evt-{i}", Refused);
        Start().ShouldBe("", "the cursor waits");
        Parked().ShouldBe("evt-0:1 evt-1:1 evt-2:1 evt-3:1 evt-4:1 evt-5:0 evt-6:0 evt-7:0", "what failed after the rest began is not to blame");

        var tried = new List<string>();
        foreach (var seconds in new[] { 5, 10, 20, 40, 60, 60 })
        {
            (_work.NextDue(_now)! - _now).ShouldBe(TimeSpan.FromSeconds(seconds));
            Pass(TimeSpan.FromSeconds(seconds));
            tried.Add(Start());
            Settle(tried[^1], Refused);
        }

        tried.ShouldBe(["evt-5", "evt-8", "evt-6", "evt-9", "evt-7", "evt-5"], "they take turns");
        Parked().ShouldBe("evt-0:1 evt-1:1 evt-2:1 evt-3:1 evt-4:1 evt-5:0 evt-6:0 evt-7:0 evt-8:0 evt-9:0 evt-10:0");
        Pass(TimeSpan.FromMinutes(1));
        var last = Start();
        Settle(last, Taken);
        _state.Rest.ShouldBeNull();
        Start().ShouldBe(string.Join(' ', Enumerable.Range(0, 8).Select(i => $"evt-{i}").Where(id => id != last)) + " evt-8");
    }

    [Fact]
    public void Settle_OneEventThatAlwaysGets502_OthersGoOn_AndItIsGivenUp()
    {
        var others = RunWithPoison(TimeSpan.FromMinutes(10), new SendResult(SendVerdict.SlowDown, 502, "502", default), [0]);

        others.ShouldBeGreaterThan(400, "one comes every second, and each rest takes some");
        _state.Parked.All.Single(one => one.Parcel.Id == "evt-0").Failures.ShouldBe(3);

        for (var day = 0; day < 10; day++)
        {
            Pass(TimeSpan.FromHours(25));
            RunWithPoison(TimeSpan.FromSeconds(40), new SendResult(SendVerdict.SlowDown, 502, "502", default), [0], from: 1000 * (day + 1));
        }

        (_state.GivenUp, _state.Parked.Holds("m0")).ShouldBe((1, false));
    }

    [Fact]
    public void Settle_FiveEventsNeverTaken_ProbesReachThePage()
    {
        RunWithPoison(TimeSpan.FromMinutes(10), Refused, [0, 1, 2, 3, 4]).ShouldBeGreaterThan(400);

        _state.Parked.All.Select(one => one.Failures).ShouldBe([3, 3, 3, 3, 3], "the schedule of each");
    }

    [Fact]
    public void Rest_BetweenAttempts_DoesNotShortenTheScheduleOfAFailedEvent()
    {
        Page("a " + string.Join(' ', Enumerable.Range(1, 200).Select(i => $"b{i}")));
        Start();
        Settle("evt-0", Refused);
        for (var i = 1; i < 8; i++) Settle($"evt-{i}", Taken);
        Pass(TimeSpan.FromSeconds(6));
        Start().ShouldStartWith("evt-0 ");
        Settle("evt-0", Refused);

        for (var cycle = 0; cycle < 10; cycle++)
        {
            var asked = _work.Flights[0].Parcel.Id;
            Settle(asked, new SendResult(SendVerdict.SlowDown, 429, "429", default));
            foreach (var flight in _work.Flights.ToList()) _work.Settle(flight, Taken, _now);
            Pass(TimeSpan.FromSeconds(5));
            Start();
            _work.Flights.Single().IsProbe.ShouldBeTrue();
            _work.Settle(_work.Flights[0], Taken, _now);
            _state.Rest.ShouldBeNull();
            Start().Split(' ').ShouldNotContain("evt-0", "it is to be tried after five minutes");
        }
    }

    [Fact]
    public void Standing_BehindUnwantedEvents_IsLate()
    {
        _work = new EndpointWork(
            WebhookSamples.Endpoint() with { Tenant = "other" }, _state, new RetrySteps(new Random(1)), Log());
        var page = new EventPage([WebhookSamples.Stored(0, "a"), WebhookSamples.Stored(1, "b")], "next", 0);

        _work.Take(page, null, isFull: true);
        _work.IsPageDone.ShouldBeTrue();
        _work.FinishPage();
        _work.Standing.Oldest.ShouldBe(WebhookSamples.At, "the log has more");
        _work.ReachEnd();
        _work.Standing.Oldest.ShouldBeNull();

        _work.Take(page, null, isFull: true);
        _work.FinishPage();
        _work.Take(page, null, isFull: false);
        _work.Standing.Oldest.ShouldBeNull();
    }

    [Fact]
    public void Settle_TheSameEventAgainAndAgain_IsNoTroubleOfTheEndpoint()
    {
        Page("a b");
        Start();
        Settle("evt-1", Taken);
        for (var i = 0; i < 6; i++)
        {
            Settle("evt-0", Refused);
            Pass(TimeSpan.FromHours(11));
            Start().ShouldBe("evt-0");
        }

        _state.Rest.ShouldBeNull();
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(2, 5)]
    [InlineData(90, 90)]
    public void Settle_SlowDown_IsHonouredAtOnce_AndCountsAgainstNothing(int? retryAfter, int seconds)
    {
        Page("a b c");
        Start();
        Settle("evt-0", new SendResult(SendVerdict.SlowDown, 429, "429", default)
        {
            RetryAfter = retryAfter is { } given ? TimeSpan.FromSeconds(given) : null,
        });
        Settle("evt-1", Taken);
        Settle("evt-2", Taken);
        Parked().ShouldBe("evt-0:0");
        Pass(TimeSpan.FromSeconds(seconds - 0.1));
        Start().ShouldBe("", "what was under way before says nothing of now");
        Pass(TimeSpan.FromSeconds(0.1));
        Start().ShouldBe("evt-0");
    }

    [Fact]
    public void Settle_Gone_DisablesUntilEnabled_AndLosesNothing()
    {
        Page("a b a");
        Start();
        Settle("evt-0", new SendResult(SendVerdict.Gone, 410, "410", default));
        Settle("evt-1", Taken);
        Pass(TimeSpan.FromDays(30));
        Start().ShouldBe("");
        _state.Disabled!.Reason.ShouldBe("it answered 410 Gone");
        _work.NeedsPage(_now).ShouldBeFalse();

        _work.Health.Enable("anna", _now);

        Start().ShouldBe("evt-0");
        Settle("evt-0", Taken);
        Start().ShouldBe("evt-2");
    }

    [Theory]
    [InlineData(4.9, false)]
    [InlineData(5.1, true)]
    public void Settle_NothingTakenForFiveDays_Disables(double days, bool disabled)
    {
        Page("a b");
        Start();
        Settle("evt-0", Refused);
        Pass(TimeSpan.FromDays(days));
        Settle("evt-1", Refused);
        (_state.Disabled is not null).ShouldBe(disabled);
    }

    [Fact]
    public void Settle_OneTakenBetween_TheFiveDaysBeginAnew()
    {
        Page("a b c d");
        Start();
        Settle("evt-0", Refused);
        Pass(TimeSpan.FromDays(4));
        Settle("evt-1", Taken);
        Settle("evt-2", Refused);
        Pass(TimeSpan.FromDays(4));
        Settle("evt-3", Refused);
        _state.Disabled.ShouldBeNull();
    }

    [Fact]
    public void Settle_WithoutRoomToPark_ThePageWaits_AndNothingIsLost()
    {
        Page(string.Join(' ', Enumerable.Range(0, 210).Select(i => $"m{i}")));
        RefuseAllThatGo();
        (_state.Parked.All.Count, _state.GivenUp).ShouldBe((ParkedParcels.Most, 0));
        _work.FinishPage().ShouldBeFalse();

        // Each is tried three times within five minutes and a half; then the first makes room.
        for (var end = _now + TimeSpan.FromMinutes(6); _now < end; Pass(TimeSpan.FromSeconds(1))) RefuseAllThatGo();

        _state.Parked.All.Count.ShouldBe(ParkedParcels.Most);
        _state.GivenUp.ShouldBe(10);
        _work.FinishPage().ShouldBeTrue();
    }

    [Fact]
    public void Take_KeepsWhatIsWanted_AndNotYetDone()
    {
        _work = new EndpointWork(
            WebhookSamples.Endpoint() with { Tenant = "shop", Kinds = new HashSet<MailEventKind> { MailEventKind.Bounced } },
            _state, new RetrySteps(new Random(1)), Log());
        _state.Live.Ahead.Add("evt-4");
        MailEvent[] events =
        [
            WebhookSamples.Event("a", MailEventKind.Bounced), WebhookSamples.Event("b"), WebhookSamples.Event("c", MailEventKind.Bounced, "other"),
            WebhookSamples.Event("d", MailEventKind.Bounced, null), WebhookSamples.Event("e", MailEventKind.Bounced),
            WebhookSamples.Event("f", MailEventKind.Bounced),
        ];

        _work.Take(new EventPage([.. events.Select((one, i) => new StoredEvent($"evt-{i}", one))], "next", 3), null, isFull: false);

        (Start(), _state.Missed).ShouldBe(("evt-0 evt-5", 3));
    }

    [Fact]
    public void Test_GoesEvenWhileDisabled_AndChangesNothing()
    {
        _work.Health.Disable("by anna", _now);
        _work.Test(_now);
        var test = _work.Next(_now)!;
        _work.Settle(test, Refused, _now);

        (test.IsTest, _state.Parked.All.Count, _state.FailingSince).ShouldBe((true, 0, null));
        _state.Attempts.Single().ShouldBe(new Attempt(_now - Refused.Took, test.Parcel.Id, "webhook.test", 1, 500, "500", 5));
        _work.Next(_now).ShouldBeNull("it is tried once");
    }

    [Fact]
    public void Attempts_AreTheLastFifty()
    {
        for (var i = 0; i < 60; i++)
        {
            Page("a", from: i);
            Start();
            Settle($"evt-{i}", Taken);
            _work.FinishPage();
        }

        _state.Attempts.Select(one => one.Id).ShouldBe(Enumerable.Range(10, 50).Select(i => $"evt-{i}"));
    }

    private EndpointWork Work(int batch) => new(WebhookSamples.Endpoint(batch: batch), _state, new RetrySteps(new Random(1)), Log());

    private WebhookLog Log() => new(NullLogger<WebhookLog>.Instance, new WebhookMetrics(_meters, TimeProvider.System));

    /// <param name="messages">One event for each; "-": of no message.</param>
    private void Page(string messages, int from = 0) => _work.Take(
        new EventPage([.. messages.Split(' ').Select((message, i) => WebhookSamples.Stored(from + i, message == "-" ? null : message))], "next", 0),
        null, isFull: false);

    /// <summary>Everything that may go now, under way.</summary>
    private string Start()
    {
        var ids = new List<string>();
        while (_work.Next(_now) is { } flight) ids.AddRange(flight.Parcel.Events);
        return string.Join(' ', ids);
    }

    private void Settle(string id, SendResult result) => _work.Settle(_work.Flights.First(flight => flight.Parcel.Id == id), result, _now);

    /// <summary>While others are taken, so that the endpoint never rests.</summary>
    private void RefuseAllThatGo()
    {
        while (_work.Next(_now) is { } flight)
        {
            _work.Settle(flight, Refused, _now);
            _work.Health.Took(probe: false);
        }
    }

    /// <summary>Each second an event comes; those with these numbers are never taken.</summary>
    /// <returns>How many others were taken.</returns>
    private long RunWithPoison(TimeSpan time, SendResult poisoned, int[] numbers, int from = 0)
    {
        var taken = _state.Delivered;
        var come = from;
        for (var end = _now + time; _now < end; Pass(TimeSpan.FromSeconds(1)))
        {
            come++;
            _work.FinishPage();
            if (_work.NeedsPage(_now))
            {
                Page(string.Join(' ', Enumerable.Range(from, come - from).Select(i => $"m{i}")), from);
                from = come;
            }

            while (_work.Next(_now) is not null) { }
            foreach (var flight in _work.Flights.ToList())
                _work.Settle(flight, numbers.Contains(Number(flight)) ? poisoned : Taken, _now);
        }

        return _state.Delivered - taken;

        static int Number(Flight flight) =>
            int.Parse(flight.Parcel.Id["evt-".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Pass(TimeSpan time) => _now += time;

    private string Parked() => string.Join(' ', _state.Parked.All.Select(one => $"{one.Parcel.Id}:{one.Failures}"));
}
