using Shouldly;
using Webcluster.Delivery.Wire;
using Webcluster.Delivery.Providers.Replies;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Traffic;
using Xunit;

namespace Webcluster.Delivery.Tests.Providers.Replies;

public class ReplyRulesTests
{
    [Theory]
    [InlineData("421", "421 any", true)]
    [InlineData("421", "422 any", false)]
    [InlineData("42x", "429 any", true)]
    [InlineData("42x", "439 any", false)]
    [InlineData("4xx", "499 any", true)]
    [InlineData("4xx", "500 any", false)]
    [InlineData("4x1", "451 any", true)]
    [InlineData("4x1", "452 any", false)]
    public void Find_Code_MatchesDigitByDigit(string code, string reply, bool expected) =>
        Matches(new ReplyRuleOptions { Name = "r", Code = [code] }, reply).ShouldBe(expected);

    [Theory]
    [InlineData("4.7.28", "421 4.7.28 any", true)]
    [InlineData("4.7.28", "421 4.7.2 any", false)]
    [InlineData("4.7.28", "421 any", false)]
    [InlineData("4.7.*", "421 4.7.0 any", true)]
    [InlineData("4.7.*", "421 4.6.0 any", false)]
    [InlineData("5.*.*", "550 5.1.1 any", true)]
    [InlineData("5.*.*", "450 4.1.1 any", false)]
    public void Find_Enhanced_MatchesNumberByNumber(string enhanced, string reply, bool expected) =>
        Matches(new ReplyRuleOptions { Name = "r", Enhanced = [enhanced] }, reply).ShouldBe(expected);

    [Theory]
    // A rule that names no enhanced code is not for what blames one address or mailbox.
    [InlineData("450 4.2.1 rate", false)]
    [InlineData("550 5.1.1 rate", false)]
    [InlineData("450 4.2.0 rate", true)]
    [InlineData("421 4.1.0 rate", true)]
    [InlineData("421 4.7.1 rate", true)]
    [InlineData("421 rate", true)]
    public void Find_WithoutEnhanced_NotOfOneMailbox(string reply, bool expected) =>
        Matches(new ReplyRuleOptions { Name = "r", Text = ["rate"] }, reply).ShouldBe(expected);

    [Theory]
    [InlineData("too many", "421 Too  Many connections", true)]
    [InlineData("Too Many", "421 too many", true)]
    [InlineData("too many", "421 too few, many", false)]
    [InlineData("from * deferred", "421 messages from 192.0.2.1 temporarily deferred", true)]
    [InlineData("from * deferred", "421 deferred messages from", false)]
    [InlineData("from*deferred", "421 from deferred", true)]
    [InlineData("aa*aa", "421 aaa", false)]
    [InlineData("aa*aa", "421 aaaa", true)]
    [InlineData("*rate*", "421 the rate is high", true)]
    [InlineData("[ts01]", "421 [TS01] x", true)]
    [InlineData("[ts01]", "421 t", false)]
    // What a server repeats in brackets is not its own word.
    [InlineData("rate limited", "450 <rate limited@a.test>: greylisted", false)]
    [InlineData("greylisted", "450 <rate limited@a.test>: greylisted", true)]
    [InlineData("rate limited", "450 a < b rate limited", true)]
    [InlineData("<>: greylisted", "450 <a@b>: greylisted", true)]
    public void Find_Text_HasThePartsInTheirOrder(string text, string reply, bool expected) =>
        Matches(new ReplyRuleOptions { Name = "r", Text = [text] }, reply).ShouldBe(expected);

    [Fact]
    public void Find_SeveralConditions_AllMustFit()
    {
        var rule = new ReplyRuleOptions { Name = "r", Code = ["421", "451"], Enhanced = ["4.7.0"], Text = ["slow", "fast"] };
        Matches(rule, "451 4.7.0 too fast").ShouldBeTrue();
        Matches(rule, "450 4.7.0 too fast").ShouldBeFalse();
        Matches(rule, "451 4.7.1 too fast").ShouldBeFalse();
        Matches(rule, "451 4.7.0 too").ShouldBeFalse();
    }

    [Theory]
    [InlineData(250)]
    [InlineData(354)]
    public void Find_NoRefusal_IsNothing(int code) =>
        Rules(Books.Rule("r", "rate")).Find(At(new SmtpReply(code, default, "rate"))).ShouldBeNull();

    [Fact]
    public void Find_SeveralMatch_TheFirstIsTheOne() =>
        Rules(Books.Rule("a", "x"), Books.Rule("b", "rate"), Books.Rule("c", "rate"))
            .Find(At(ReplyExample.Parse("421 rate")!))!.Name.ShouldBe("b");

    [Fact]
    public void Find_LinesOfAReply_AreOneText() =>
        Rules(Books.Rule("r", "unusual rate")).Find(At(new SmtpReply(421, default, ["an unusual", "rate of mail"]))).ShouldNotBeNull();

    [Fact]
    public void Adjustments_EveryAction_IsThere()
    {
        var options = new ReplyRuleOptions
        {
            Name = "r", Text = ["x"], After = Rate.Parse("3/h"),
            SlowDown = 0.25, FewerConnections = true, MessagesPerConnection = 7, Suspend = TimeSpan.FromHours(2),
        };
        var rule = Rules(options).Find(At(ReplyExample.Parse("421 x")!))!;
        rule.After.ShouldBe(Rate.Parse("3/h"));
        rule.Adjustments.ShouldBe(
        [
            new Adjustment.SlowDown(0.25), new Adjustment.FewerConnections(), new Adjustment.MessagesPerConnection(7),
            new Adjustment.Suspend(TimeSpan.FromHours(2)),
        ]);
    }

    [Theory]
    [InlineData("<", "<")]
    [InlineData("<<<>", "<>")]
    [InlineData("<>>", "<>>")]
    [InlineData("><", "><")]
    [InlineData("a<b>c<d", "a<>c<d")]
    [InlineData("  A   B ", "a b ")]
    [InlineData("", "")]
    public void NormalText_Text_IsAsRulesCompareIt(string text, string expected) => NormalText.Of(text).ShouldBe(expected);

    [Fact]
    public void NormalText_LongText_IsCut()
    {
        NormalText.Of(new string('<', 100_000)).Length.ShouldBe(NormalText.Longest);
        NormalText.Of(new string('a', NormalText.Longest) + "rate").ShouldNotContain("rate");
    }

    [Theory]
    [InlineData("421 4.7.0 text", "421 4.7.0 text")]
    [InlineData("421-4.7.0 text", "421 4.7.0 text")]
    [InlineData("421 5.7.0 text", "421 5.7.0 text")]
    [InlineData("421 ", "421 ")]
    [InlineData("250 text", null)]
    [InlineData("600 text", null)]
    [InlineData("421", null)]
    [InlineData("text", null)]
    [InlineData("+42 text", null)]
    public void ReplyExample_Line_IsAReplyOrNothing(string line, string? expected) =>
        (ReplyExample.Parse(line)?.ToString()).ShouldBe(expected);

    [Theory]
    [InlineData("321")]
    [InlineData("xxx")]
    [InlineData("42")]
    [InlineData("4211")]
    [InlineData("42X")]
    public void CodePattern_NoRefusal_IsRefused(string text) => CodePattern.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("2.7.0")]
    [InlineData("4.7")]
    [InlineData("4.7.1000")]
    [InlineData("*.7.0")]
    [InlineData("4.-1.0")]
    [InlineData("4.7.0 ")]
    public void EnhancedPattern_NoRefusal_IsRefused(string text) => EnhancedPattern.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(Stage.Banner, "450 x", true)]
    [InlineData(Stage.Hello, "450 x", true)]
    [InlineData(Stage.Mail, "450 x", true)]
    [InlineData(Stage.Rcpt, "450 x", false)]
    [InlineData(Stage.Data, "450 x", false)]
    [InlineData(Stage.FinalDot, "450 x", false)]
    [InlineData(Stage.FinalDot, "421 x", false)]
    [InlineData(Stage.Mail, "450 4.1.8 x", false)]
    public void OfSender_ByStage_LeavesRecipientsOut(Stage stage, string reply, bool expected)
    {
        var rules = Rules(new ReplyRuleOptions { Name = "r", Code = ["4xx"], OfSender = true, SlowDown = 0.5 });

        (rules.Find(At(ReplyExample.Parse(reply)!, stage)) is not null).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(20, 1)]
    public void LearnMessagesPerConnection_IsWhatTheConnectionHasCarried(int carried, int expected)
    {
        var rule = Rules(new ReplyRuleOptions { Name = "r", Code = ["421"], LearnMessagesPerConnection = true }).All[0];

        var learned = rule.AdjustmentsFor(new Refusal(ReplyExample.Parse("421 x")!, Stage.Mail, carried)).ToList();

        learned.Count.ShouldBe(expected);
        if (expected > 0) learned[0].ShouldBe(new Adjustment.MessagesPerConnection(carried));
    }

    private static bool Matches(ReplyRuleOptions rule, string reply) => Rules(rule).Find(At(ReplyExample.Parse(reply)!)) is not null;

    private static Refusal At(SmtpReply reply, Stage stage = Stage.Rcpt) => new(reply, stage);

    private static ReplyRules Rules(params ReplyRuleOptions[] rules) => new([.. rules.Select(rule => new ReplyRule(rule, "test"))]);
}
