using System.Collections.Immutable;
using System.Globalization;
using Webcluster.Protocol.Classification.Text;

namespace Webcluster.Protocol.Classification.Rules;

/// <summary>A rule while its lines are read.</summary>
internal sealed class RuleDraft(string name, BounceClass bounceClass, int line)
{
    private readonly List<string> _providers = [];
    private readonly List<DigitPattern> _codes = [];
    private readonly List<EnhancedPattern> _statuses = [];
    private readonly List<ImmutableArray<string>> _texts = [];
    private readonly List<ImmutableArray<string>> _not = [];
    private readonly List<string> _examples = [];
    private double _sure = 1;

    public string Name { get; } = name;

    public int Line { get; } = line;

    public bool IsEmpty => _texts.Count + _codes.Count + _statuses.Count == 0;

    /// <summary>False: the line is not understood.</summary>
    public bool Take(string word, string rest) => word switch
    {
        "provider" => Each(rest, ',', _providers.Add),
        "code" => Each(rest, ' ', DigitPattern.TryParse, _codes),
        "status" => Each(rest, ' ', EnhancedPattern.TryParse, _statuses),
        "text" => Phrases(rest, _texts),
        "not" => Phrases(rest, _not),
        "sure" => double.TryParse(rest, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _sure) && _sure <= 1,
        "example" => Add(_examples, rest),
        _ => false,
    };

    public ReplyRule ToRule() =>
        new(Name, bounceClass, _sure, new ReplyConditions([.. _providers], [.. _codes], [.. _statuses]), [.. _texts], [.. _not])
        {
            Examples = [.. _examples],
        };

    private static bool Phrases(string rest, List<ImmutableArray<string>> lines)
    {
        var phrases = rest.Split(" + ", StringSplitOptions.TrimEntries).Select(Phrase).ToList();
        if (phrases.Contains(null)) return false;
        lines.Add([.. phrases.Select(phrase => phrase!)]);
        return true;
    }

    /// <summary>As it is looked for; a star at an end stands for the rest of a word. Null: nothing is
    /// left of it, or it holds what every reply loses (an id, a host).</summary>
    private static string? Phrase(string text)
    {
        var words = ReplyNormalizer.Phrase(text);
        if (words.Length < 3 || words.AsSpan().Count('{') != text.AsSpan().Count('{')) return null;
        var start = text.StartsWith('*') ? 1 : 0;
        var end = text.EndsWith('*') ? 1 : 0;
        return words[start..^end];
    }

    private static bool Add(List<string> list, string item)
    {
        list.Add(item);
        return true;
    }

    private static bool Each(string rest, char separator, Action<string> add)
    {
        foreach (var item in Items(rest, separator)) add(item);
        return true;
    }

    private static bool Each<T>(string rest, char separator, TryParse<T> parse, List<T> list)
    {
        foreach (var item in Items(rest, separator))
        {
            if (!parse(item, out var value)) return false;
            list.Add(value);
        }
        return true;
    }

    private static string[] Items(string rest, char separator) =>
        rest.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private delegate bool TryParse<T>(string text, out T value);
}
