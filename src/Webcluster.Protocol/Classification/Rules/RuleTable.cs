using System.Collections.Immutable;
using Webcluster.Protocol.Classification.Text;

namespace Webcluster.Protocol.Classification.Rules;

/// <summary>Rules in order: the first that matches says what a reply means. All phrases are looked for at once; only rules with a phrase
/// that was found are asked.</summary>
internal sealed class RuleTable
{
    private readonly PhraseMatcher _matcher;
    private readonly int _phrases;
    private readonly CompiledRule[] _rules;

    /// <summary>For each phrase, the rules in which one of the texts begins with it.</summary>
    private readonly ImmutableArray<int>[] _rulesOf;

    /// <summary>Rules without a text.</summary>
    private readonly ImmutableArray<int> _always;

    public RuleTable(IReadOnlyList<ReplyRule> rules)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        Rules = [.. rules];
        _rules = [.. rules.Select(rule => Compile(rule, numbers))];
        _phrases = numbers.Count;
        _matcher = PhraseMatcher.Create([.. numbers.OrderBy(number => number.Value).Select(number => number.Key)]);
        _always = [.. Enumerable.Range(0, _rules.Length).Where(rule => _rules[rule].Texts.IsEmpty)];
        var first = _rules
            .SelectMany((rule, at) => rule.Texts.Select(text => (Phrase: text[0], Rule: at)))
            .ToLookup(use => use.Phrase, use => use.Rule);
        _rulesOf = [.. Enumerable.Range(0, _phrases).Select(phrase => first[phrase].Distinct().ToImmutableArray())];
    }

    public ImmutableArray<ReplyRule> Rules { get; }

    public ReplyRule? Match(in ReplyText reply, string? provider)
    {
        Span<ulong> phraseBits = stackalloc ulong[NumberSet.SizeFor(_phrases)];
        Span<ulong> ruleBits = stackalloc ulong[NumberSet.SizeFor(_rules.Length)];
        var found = new NumberSet(phraseBits);
        var asked = new NumberSet(ruleBits);
        _matcher.Find(reply.Words, found);
        foreach (var rule in _always) asked.Add(rule);
        for (var phrase = found.Next(0); phrase >= 0; phrase = found.Next(phrase + 1))
            foreach (var rule in _rulesOf[phrase]) asked.Add(rule);
        for (var rule = asked.Next(0); rule >= 0; rule = asked.Next(rule + 1))
            if (_rules[rule].Matches(reply, provider, found)) return _rules[rule].Rule;
        return null;
    }

    private static CompiledRule Compile(ReplyRule rule, Dictionary<string, int> numbers) =>
        new(rule, [.. rule.Texts.Select(text => Numbers(text, numbers))], [.. rule.Not.Select(not => Numbers(not, numbers))]);

    private static ImmutableArray<int> Numbers(ImmutableArray<string> phrases, Dictionary<string, int> numbers) =>
        [.. phrases.Select(phrase => numbers.TryGetValue(phrase, out var known) ? known : numbers[phrase] = numbers.Count)];

    private sealed record CompiledRule(
        ReplyRule Rule, ImmutableArray<ImmutableArray<int>> Texts, ImmutableArray<ImmutableArray<int>> Not)
    {
        public bool Matches(in ReplyText reply, string? provider, NumberSet found) =>
            !Any(Not, found) && Rule.Conditions.Fit(reply, provider) && (Texts.IsEmpty || Any(Texts, found));

        private static bool Any(ImmutableArray<ImmutableArray<int>> lines, NumberSet found)
        {
            foreach (var line in lines)
                if (All(line, found)) return true;
            return false;
        }

        private static bool All(ImmutableArray<int> text, NumberSet found)
        {
            foreach (var phrase in text)
                if (!found.Contains(phrase)) return false;
            return true;
        }
    }
}
