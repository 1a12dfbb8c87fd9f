using System.Collections.Immutable;
using System.Globalization;

namespace Webcluster.Protocol.Classification.Rules;

/// <summary>Reads rules from their text form, which the head of rules.txt explains. All problems are told, each with its line.</summary>
internal sealed class RuleReader
{
    /// <summary>A table has some hundreds; more would be a wrong file.</summary>
    private const int MostRules = 5000;

    private readonly string _file;
    private readonly List<string> _problems;
    private readonly List<ReplyRule> _rules = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private RuleDraft? _draft;

    private RuleReader(string file, List<string> problems) => (_file, _problems) = (file, problems);

    public static ImmutableArray<ReplyRule> Read(string file, string text, List<string> problems)
    {
        var reader = new RuleReader(file, problems);
        var number = 0;
        foreach (var line in text.EnumerateLines())
        {
            number++;
            if (line.Trim() is { Length: > 0 } content && content[0] != '#') reader.Line(content.ToString(), number);
        }
        reader.Close();
        return [.. reader._rules];
    }

    private void Line(string line, int number)
    {
        var space = line.IndexOf(' ');
        var (word, rest) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..].Trim());
        if (word == "rule")
        {
            Close();
            Open(rest, number);
        }
        else if (_draft is null) Problem(number, $"'{word}' stands outside of a rule");
        else if (rest.Length == 0) Problem(number, $"'{word}' says nothing");
        else if (!_draft.Take(word, rest)) Problem(number, $"'{word} {rest}' is not understood");
    }

    /// <summary>`rule NAME = CLASS`.</summary>
    private void Open(string rest, int number)
    {
        var parts = rest.Split('=', StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || parts[0].Length == 0) Problem(number, "a rule begins with: rule NAME = CLASS");
        else if (!BounceClasses.TryParse(parts[1], out var found)) Problem(number, $"'{parts[1]}' is no class");
        else if (!_names.Add(parts[0])) Problem(number, $"there is another rule {parts[0]}");
        else if (_names.Count > MostRules) Problem(number, $"more than {MostRules} rules");
        else
        {
            _draft = new RuleDraft(parts[0], found, number);
            return;
        }
        _draft = new RuleDraft("", default, number);
    }

    private void Close()
    {
        if (_draft is { Name.Length: > 0 } draft)
        {
            if (draft.IsEmpty) Problem(draft.Line, $"rule {draft.Name} has no condition");
            else _rules.Add(draft.ToRule());
        }
        _draft = null;
    }

    private void Problem(int line, string problem) =>
        _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{_file}:{line}: {problem}"));
}
