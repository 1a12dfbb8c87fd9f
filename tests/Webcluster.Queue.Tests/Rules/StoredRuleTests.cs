using Shouldly;
using Webcluster.Queue.Rules;
using Xunit;

namespace Webcluster.Queue.Tests.Rules;

/// <summary>The octets are what queues in the field hold. A test that fails here means a new version, not new octets.</summary>
public sealed class StoredRuleTests
{
    private static readonly RuleId Id = new(new Guid("0195d0c8-0000-7000-8000-000000000001"));
    private static readonly DateTimeOffset Added = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<QueueRule, string> Rules => new()
    {
        {
            new QueueRule(Id, RuleAction.Suspend, new RuleTarget(RuleScope.Site, "a.b"), "r", Added) { Author = "me", Until = Added.AddSeconds(1) },
            "01" + "01" + "03" + "03" + "03612E62" + "0172" + "08DE48C8B4F80000" + "026D65" + "08DE48C8B5909680"
        },
        {
            new QueueRule(Id, RuleAction.Move, new RuleTarget(RuleScope.Tag, "t"), "r", Added) { Pool = "vip" },
            "01" + "06" + "07" + "04" + "0174" + "0172" + "08DE48C8B4F80000" + "03766970"
        },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_ToOctetsAndBack_IsFrozen(QueueRule rule, string octets)
    {
        Convert.ToHexString(RuleCodec.Encode(rule)).ShouldBe(octets);
        RuleCodec.TryDecode(Id, Convert.FromHexString(octets), out var decoded).ShouldBeTrue();
        decoded.ShouldBe(rule);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_CutOrLonger_IsRefused(QueueRule rule, string octets)
    {
        _ = rule;
        var record = Convert.FromHexString(octets);
        for (var length = 0; length < record.Length; length++)
            RuleCodec.TryDecode(Id, record.AsSpan(0, length), out _).ShouldBeFalse();
        RuleCodec.TryDecode(Id, [.. record, 0], out _).ShouldBeFalse();
    }

    [Fact]
    public void Decode_RandomOctets_NeverThrowsAndWhatItTakesIsARule()
    {
        const int Seed = 20260102;
        var random = new Random(Seed);
        var whole = RuleCodec.Encode((QueueRule)Rules.First()[0]);
        var taken = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var record = whole.ToArray();
            for (var change = random.Next(4); change > 0; change--)
                record[random.Next(record.Length)] = (byte)random.Next(256);
            if (!RuleCodec.TryDecode(Id, record, out var rule))
                continue;
            RuleProblems.MayBeStored(rule).ShouldBeTrue($"seed {Seed}, turn {i}");
            taken++;
        }
        taken.ShouldBeGreaterThan(1000);
    }

    [Theory]
    [InlineData(RuleScope.Provider, "Google", true)]
    [InlineData(RuleScope.Site, "MX.example", true)]
    [InlineData(RuleScope.Lane, "google", true)]
    [InlineData(RuleScope.Provider, "", false)]
    [InlineData(RuleScope.Site, "a\nb", false)]
    [InlineData(RuleScope.Domain, "UPPER.example", false)]
    [InlineData(RuleScope.Message, "x", false)]
    public void Decode_TargetThatOnlyOlderVersionsTook_IsStillARule(RuleScope scope, string value, bool expected)
    {
        var rule = new QueueRule(Id, RuleAction.Suspend, new RuleTarget(scope, value), "r", Added);
        RuleProblems.Of(rule).Select(problem => problem.Field).ShouldBe(["value"]);
        RuleCodec.TryDecode(Id, RuleCodec.Encode(rule), out var decoded).ShouldBe(expected);
        if (expected)
            decoded.ShouldBe(rule);
    }

    [Theory]
    [InlineData(RuleScope.Message, "0195D0C8-0000-7000-8000-000000000001", "0195d0c8-0000-7000-8000-000000000001")]
    [InlineData(RuleScope.Message, "x", null)]
    [InlineData(RuleScope.Domain, "Example.COM", "example.com")]
    [InlineData(RuleScope.Domain, "@b\u00fccher.example", "xn--bcher-kva.example")]
    [InlineData(RuleScope.Domain, "[192.0.2.1]", "[192.0.2.1]")]
    [InlineData(RuleScope.Domain, "no one", null)]
    [InlineData(RuleScope.Tag, "Spring", "Spring")]
    [InlineData(RuleScope.Tag, "a b", null)]
    [InlineData(RuleScope.Lane, "google/mx.google.example|main", "google/mx.google.example|main")]
    [InlineData(RuleScope.Lane, "Google/MX.google.example|Main", "google/mx.google.example|main")]
    [InlineData(RuleScope.Lane, "mx.example/mx.example|main", "mx.example|main")]
    [InlineData(RuleScope.Lane, "[ipv6:2001:DB8::1]|main", "[IPv6:2001:db8::1]|main")]
    [InlineData(RuleScope.Lane, "|bounce", "|bounce")]
    [InlineData(RuleScope.Lane, "google", null)]
    [InlineData(RuleScope.Lane, "google|", null)]
    [InlineData(RuleScope.Lane, "google|two words", null)]
    [InlineData(RuleScope.Site, "route:*", "route:*")]
    [InlineData(RuleScope.Site, "MX1.Example.com,mx2.example.com", "mx1.example.com,mx2.example.com")]
    [InlineData(RuleScope.Site, "[192.0.2.1]", "[192.0.2.1]")]
    [InlineData(RuleScope.Site, "[IPV6:2001:DB8::1]", "[IPv6:2001:db8::1]")]
    [InlineData(RuleScope.Provider, "Google", "google")]
    [InlineData(RuleScope.Provider, "[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]")]
    [InlineData(RuleScope.Provider, "", null)]
    [InlineData(RuleScope.Tenant, "Shop", "Shop")]
    [InlineData(RuleScope.Tenant, "a\nb", null)]
    public void Target_Text_IsBroughtToTheFormItIsComparedIn(RuleScope scope, string text, string? expected)
    {
        RuleTarget.TryCreate(scope, text, out var target).ShouldBe(expected is not null);
        if (expected is not null)
            target.ShouldBe(new RuleTarget(scope, expected));
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void Target_LengthAtTheEdge_IsBounded(int length, bool expected) =>
        RuleTarget.TryCreate(RuleScope.Tenant, new string('x', length), out _).ShouldBe(expected);

    public static TheoryData<QueueRule, string> Problems
    {
        get
        {
            var sound = new QueueRule(Id, RuleAction.Hold, new RuleTarget(RuleScope.Tenant, "acme"), "r", Added);
            return new TheoryData<QueueRule, string>
            {
                { sound, "" },
                { sound with { Until = Added.AddTicks(1), Author = new string('x', 100), Reason = new string('x', 200) }, "" },
                { sound with { Until = Added }, "until" },
                { sound with { Author = new string('x', 101), Reason = new string('x', 201) }, "reason author" },
                { sound with { Author = "", Reason = " " }, "reason author" },
                { sound with { Reason = "two\r\nlines" }, "reason" },
                { sound with { Action = (RuleAction)0 }, "action" },
                { sound with { Action = (RuleAction)7, Target = new RuleTarget((RuleScope)0, "x") }, "action scope" },
                { sound with { Target = new RuleTarget(RuleScope.Domain, "UPPER.example") }, "value" },
                { sound with { Pool = "vip" }, "pool" },
                { sound with { Action = RuleAction.Drop, Until = Added.AddDays(1) }, "until" },
                { sound with { Action = RuleAction.Move }, "pool" },
                { sound with { Action = RuleAction.Move, Pool = new string('p', 64) }, "" },
                { sound with { Action = RuleAction.Move, Pool = new string('p', 65) }, "pool" },
                { sound with { Action = RuleAction.Move, Pool = "a|b" }, "pool" },
                { sound with { Action = RuleAction.Move, Pool = "" }, "pool" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Problems_OfARule_NameTheField(QueueRule rule, string fields) =>
        string.Join(' ', RuleProblems.Of(rule).Select(problem => problem.Field)).ShouldBe(fields);
}
