using System.Collections.Immutable;
using Webcluster.Protocol.Classification.Learning;
using Webcluster.Protocol.Classification.Rules;

namespace Webcluster.Protocol.Classification;

/// <summary>The files that are part of the program.</summary>
internal static class ShippedFiles
{
    public const string RulesName = "rules.txt";
    public const string ModelName = "model.tsv";
    public const string LinesName = "labelled.tsv";

    public static ImmutableArray<ReplyRule> Rules()
    {
        var problems = new List<string>();
        var rules = RuleReader.Read(RulesName, Text(RulesName), problems);
        return problems.Count == 0 ? rules : throw new InvalidDataException(string.Join('\n', problems));
    }

    public static LearnedModel Model() =>
        ModelText.Read(Text(ModelName), out var problem) ?? throw new InvalidDataException($"{ModelName}: {problem}");

    /// <summary>The lines that the shipped model was learned from: written for it, the rules' examples, and the rules' phrases.</summary>
    public static IEnumerable<LabelledLine> Lines()
    {
        foreach (var line in Written()) yield return line;
        foreach (var rule in Rules())
        {
            foreach (var example in rule.Examples) yield return new LabelledLine(example, rule.Class);
            foreach (var phrases in rule.Texts) yield return new LabelledLine($"{CodeOf(rule)} {string.Concat(phrases)}", rule.Class);
        }
    }

    private static string CodeOf(ReplyRule rule) =>
        Consequences.Of(rule.Class).Retry == RetryWhen.Always || rule.Class == BounceClass.TransientOther ? "450" : "550";

    private static IEnumerable<LabelledLine> Written()
    {
        var sheet = ReplySheet.Read(Text(LinesName), labelled: true, out var problem)
            ?? throw new InvalidDataException($"{LinesName}: {problem}");
        return sheet.Rows.Select(row => new LabelledLine(row.Reply, row.Class!.Value));
    }

    private static string Text(string name)
    {
        using var stream = typeof(ShippedFiles).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
