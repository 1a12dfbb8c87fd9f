using Shouldly;
using Webcluster.Delivery.Tests.Providers;
using Webcluster.Protocol.Classification;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Traffic;
using Xunit;

namespace Webcluster.Delivery.Tests.Reactions;

public sealed class ReplyReactionsTests
{
    private const string Listed = "550 5.7.1 Your address has a poor reputation";
    private const string Unsigned = "550 5.7.26 This mail is unauthenticated: neither SPF nor DKIM passed";

    [Theory]
    [InlineData("550 5.7.1 Greylisted, please try again later", 0, true)]
    [InlineData("554 5.7.1 Too many connections from your host", 0, true)]
    [InlineData("554 5.7.1 Too many connections from your host", 24 * 60 - 1, true)]
    [InlineData("554 5.7.1 Too many connections from your host", 24 * 60, false)]
    [InlineData("550 5.1.1 User unknown", 0, false)]
    [InlineData("552 5.2.2 Mailbox full", 0, false)]
    [InlineData("550 5.0.0 qqqq wwww", 0, false)]
    public async Task See_RefusalForGood_IsRetriedForADayWhereASureRuleReadsItSo(string reply, int minutes, bool isRetried)
    {
        await using var bench = new ReactionBench();

        var read = await bench.SeeAsync(reply, TimeSpan.FromMinutes(minutes));

        (read.IsRetried, read.Meaning.Permanent).ShouldBe((isRetried, true));
    }

    [Fact]
    public async Task See_RuleOfTheProvider_RetriesWhateverTheClassSays()
    {
        var rule = Books.Rule("theirs", "user unknown", "550 5.7.1 user unknown");
        rule.Retry = true;
        await using var bench = new ReactionBench(rule);

        (await bench.SeeAsync("550 5.7.1 User unknown", TimeSpan.FromDays(3))).IsRetried.ShouldBeTrue();
    }

    [Fact]
    public async Task See_AboutTheSourceAndNoRuleKnowsIt_SlowsTheSourceOnTheThird()
    {
        await using var bench = new ReactionBench();
        (await bench.SeeAsync(Listed)).Meaning.Class.ShouldBe(BounceClass.IpReputation);
        await bench.SeeAsync(Listed);
        (await bench.RateAsync()).ShouldBeNull();

        await bench.SeeAsync(Listed);

        (await bench.RateAsync()).ShouldNotBeNull();
        bench.Log.Entries.Single(entry => entry.Id == 3019).Text.ShouldContain("because of class ip-reputation: 550 5.7.1 Your address");
    }

    [Fact]
    public async Task See_RecipientsOfOneTransaction_CountAsOneRefusalOfTheClass()
    {
        await using var bench = new ReactionBench();

        var read = await bench.SeeAllAsync(
            Enumerable.Range(0, 5).Select(i => $"550 5.7.1 <{i}@x.test>: your address has a poor reputation"));
        await bench.SeeAsync(Listed);
        (await bench.RateAsync()).ShouldBeNull("two were tried and two refused");
        read.Select(one => one.Meaning.Class).ShouldBe(Enumerable.Repeat(BounceClass.IpReputation, 5));

        await bench.SeeAllAsync(["550 5.2.1 Your address has a poor reputation", Listed, Listed]);

        (await bench.RateAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task See_RecipientsOfOneTransaction_CountAsOneMatchOfTheRule()
    {
        var blocked = Books.Rule("blocked", "blocked", Listed);
        (blocked.After, blocked.Suspend) = (Rate.Parse("2/h"), TimeSpan.FromHours(1));
        await using var bench = new ReactionBench(blocked);
        string[] replies = [.. Enumerable.Range(0, 5).Select(i => $"554 5.7.1 <{i}@x.test>: client host blocked")];

        await bench.SeeAllAsync(replies);
        ((await bench.StatusAsync())?.SuspendedUntil).ShouldBeNull();

        await bench.SeeAllAsync(replies);
        (await bench.StatusAsync()).ShouldNotBeNull().SuspendedUntil.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("550 5.1.1 User unknown")]
    [InlineData("450 4.2.0 Greylisted")]
    [InlineData("550 5.2.1 This user is receiving mail at a rate that is too high, rate limit exceeded")]
    [InlineData(Unsigned)]
    public async Task See_NotAboutTheSource_ChangesNothing(string reply)
    {
        await using var bench = new ReactionBench();

        for (var i = 0; i < 10; i++) await bench.SeeAsync(reply);

        (await bench.RateAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task See_RuleThatSaysItIsNoReason_ChangesNothing()
    {
        await using var bench = new ReactionBench(Books.Rule("fine", "poor reputation", Listed));

        for (var i = 0; i < 10; i++) await bench.SeeAsync(Listed);

        (await bench.RateAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task See_WhatSomebodyShouldLookAt_IsOneLineAnHourForAClassAndProvider()
    {
        await using var bench = new ReactionBench();
        var (known, other) = (new LaneKey("known", "mx.known.example", "default"), new LaneKey("other.example", "other.example", "default"));

        await bench.SeeAsync(Unsigned);
        await bench.SeeAsync(Unsigned);
        await bench.SeeAsync(Unsigned, lane: other);
        await bench.SeeAsync(Unsigned, lane: known);
        bench.Clock.Advance(TimeSpan.FromMinutes(59));
        await bench.SeeAsync(Unsigned);
        Alarms(bench).ShouldBe(["mx.example 1", "known 1"], "nothing names the other two, so they share a line");

        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await bench.SeeAsync(Unsigned);

        Alarms(bench).ShouldBe(["mx.example 1", "known 1", "mx.example 4"]);
    }

    [Fact]
    public async Task See_WhatNothingWasSureOf_AlarmsNobody()
    {
        await using var bench = new ReactionBench();

        var read = await bench.SeeAsync("550 5.5.0 qqqq wwww");

        (read.Meaning.Class, read.Meaning.By).ShouldBe((BounceClass.ProtocolError, ClassifiedBy.Code));
        Alarms(bench).ShouldBeEmpty();
    }

    /// <summary>Where, and how many.</summary>
    private static IEnumerable<string> Alarms(ReactionBench bench) => bench.Log.Entries.Where(entry => entry.Id == 3023)
        .Select(entry => entry.Text.Split(' ')).Select(words => $"{words[3]} {words[7]}");
}
