using Shouldly;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Classification.Rules;
using Webcluster.Protocol.Classification.Text;
using Xunit;

namespace Webcluster.Protocol.Tests.Classification;

public sealed class RuleTests
{
    [Fact]
    public void ShippedRules_EachExample_IsForItsRule()
    {
        var table = new RuleTable(ShippedFiles.Rules());
        var wrong = table.Rules
            .SelectMany(rule => rule.Examples.Select(example => (rule.Name, Example: example)))
            .Select(each => (each.Name, each.Example, Found: table.Match(ReplyNormalizer.Normalize(each.Example), null)?.Name))
            .Where(each => each.Found != each.Name)
            .Select(each => $"{each.Name}: {each.Example} -> {each.Found}");
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void ShippedRules_All_HaveExamples() =>
        ShippedFiles.Rules().Where(rule => rule.Examples.IsEmpty).Select(rule => rule.Name).ShouldBeEmpty();

    [Theory]
    [InlineData("text over quota", "550 mailbox is over quota now", true)]
    [InlineData("text over quota", "550 over the quota", false)]
    [InlineData("text quota", "550 quotas", false)]
    [InlineData("text quota*", "550 quotas", true)]
    [InlineData("text *quota", "550 overquota", true)]
    [InlineData("text a + b", "550 b a", true)]
    [InlineData("text a + b", "550 b", false)]
    [InlineData("text a|text b", "550 b", true)]
    [InlineData("text a|not b", "550 a", true)]
    [InlineData("text a|not b", "550 b a", false)]
    [InlineData("text a|not b + c", "550 c a b", false)]
    [InlineData("text a|not b + c", "550 a b", true)]
    [InlineData("text a|not b + c|not d", "550 a d", false)]
    [InlineData("text a|code 5yz", "550 a", true)]
    [InlineData("text a|code 5yz", "450 a", false)]
    [InlineData("text a|code 4yz", "4.2.2 a", true)]
    [InlineData("text a|code 550 551", "551 a", true)]
    [InlineData("text a|code 550 551", "552 a", false)]
    [InlineData("status 5.1.1", "550 5.1.1 x", true)]
    [InlineData("status 5.1.1", "450 4.1.1 x", false)]
    [InlineData("status x.1.1", "450 4.1.1 x", true)]
    [InlineData("status x.1.*", "550 5.1.10 x", true)]
    [InlineData("status x.1.*", "550 x", false)]
    [InlineData("text {addr} unknown", "550 a@example.net unknown", true)]
    [InlineData("text listed + @example", "550 listed at dns.example.net", true)]
    [InlineData("text listed + @example", "550 listed example", false)]
    [InlineData("text a|provider google", "550 a", false)]
    public void Rule_Conditions_AllHold(string lines, string reply, bool matches) => (Match(lines, reply) is not null).ShouldBe(matches);

    [Theory]
    [InlineData("google", true)]
    [InlineData("Google", true)]
    [InlineData("yahoo", false)]
    [InlineData(null, false)]
    public void Rule_OfAProvider_IsForItAlone(string? provider, bool matches) =>
        (Match("text a|provider google", "550 a", provider) is not null).ShouldBe(matches);

    [Theory]
    [InlineData("text a", "r.txt:1: 'text' stands outside of a rule")]
    [InlineData("rule a", "r.txt:1: a rule begins with: rule NAME = CLASS")]
    [InlineData("rule a = b", "r.txt:1: 'b' is no class")]
    [InlineData("rule a = policy|text x|rule a = policy|text x", "r.txt:3: there is another rule a")]
    [InlineData("rule a = policy", "r.txt:1: rule a has no condition")]
    [InlineData("rule a = policy|text !!", "r.txt:2: 'text !!' is not understood|r.txt:1: rule a has no condition")]
    [InlineData("rule a = policy|code 200", "r.txt:2: 'code 200' is not understood|r.txt:1: rule a has no condition")]
    [InlineData("rule a = policy|status 5.1", "r.txt:2: 'status 5.1' is not understood|r.txt:1: rule a has no condition")]
    [InlineData("rule a = policy|text x|sure 2", "r.txt:3: 'sure 2' is not understood")]
    [InlineData("rule a = policy|text x|colour red", "r.txt:3: 'colour red' is not understood")]
    [InlineData("rule a = policy|text x|not", "r.txt:3: 'not' says nothing")]
    [InlineData("rule a = policy|text h.net", "r.txt:2: 'text h.net' is not understood|r.txt:1: rule a has no condition")]
    public void Reader_WrongLine_IsTold(string text, string problems)
    {
        var told = new List<string>();
        RuleReader.Read("r.txt", Lines(text), told);
        told.ShouldBe(problems.Split("|r.").Select((problem, at) => at == 0 ? problem : $"r.{problem}"));
    }

    private static ReplyRule? Match(string lines, string reply, string? provider = null)
    {
        var problems = new List<string>();
        var rules = RuleReader.Read("r.txt", $"# note\nrule a = policy\n{Lines(lines)}\n", problems);
        problems.ShouldBeEmpty();
        return new RuleTable(rules).Match(ReplyNormalizer.Normalize(reply), provider);
    }

    private static string Lines(string text) => text.Replace('|', '\n');
}
