using Shouldly;
using Webcluster.Protocol.Classification.Rules;
using Xunit;

namespace Webcluster.Protocol.Tests.Classification;

public sealed class PhraseMatcherTests
{
    [Theory]
    [InlineData("he|she|his|hers", "ushers", "he|she|hers")]
    [InlineData("he|she|his|hers", "his", "his")]
    [InlineData("a|ab|abc|bc|c", "abc", "a|ab|abc|bc|c")]
    [InlineData("abcd|bcx|c", "abcx", "bcx|c")]
    [InlineData("aaa", "aa", "")]
    [InlineData("aaa", "aaaa", "aaa")]
    [InlineData("a", "", "")]
    public void Find_Phrases_AreAllFound(string phrases, string text, string found) =>
        Found(phrases.Split('|'), text).ShouldBe(Split(found));

    [Fact]
    public void Find_RandomPhrases_AreThoseOfASearchOneByOne()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var phrases = Enumerable.Range(0, 40).Select(_ => Letters(random, random.Next(1, 6))).Distinct().ToArray();
            var text = Letters(random, random.Next(0, 60));
            Found(phrases, text).ShouldBe(phrases.Where(phrase => text.Contains(phrase, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void NumberSet_Next_GoesThroughAllInOrder()
    {
        var set = new NumberSet(new ulong[NumberSet.SizeFor(200)]);
        int[] numbers = [0, 1, 63, 64, 127, 128, 199];
        foreach (var number in numbers) set.Add(number);
        var seen = new List<int>();
        for (var number = set.Next(0); number >= 0; number = set.Next(number + 1)) seen.Add(number);
        seen.ShouldBe(numbers);
        set.Contains(62).ShouldBeFalse();
        set.Next(200).ShouldBe(-1);
    }

    private static List<string> Found(string[] phrases, string text)
    {
        var set = new NumberSet(new ulong[NumberSet.SizeFor(phrases.Length)]);
        PhraseMatcher.Create(phrases).Find(text, set);
        var found = new List<string>();
        for (var at = 0; at < phrases.Length; at++)
            if (set.Contains(at)) found.Add(phrases[at]);
        return found;
    }

    private static string[] Split(string text) => text.Length == 0 ? [] : text.Split('|');

    private static string Letters(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(3))));
}
