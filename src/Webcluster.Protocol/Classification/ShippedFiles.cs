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

    public static LearnedModel Model() => ModelFile.Read(Text(ModelName), out var problem) ?? throw new InvalidDataException($"{ModelName}: {problem}");

    /// <summary>The lines that the shipped model was learned from: written for it, and the rules' examples.</summary>
    public static IEnumerable<LabelledLine> Lines() =>
        Written().Concat(Rules().SelectMany(rule => rule.Examples.Select(example => new LabelledLine(example, rule.Class))));

    private static IEnumerable<LabelledLine> Written()
    {
        var sheet = ReplySheet.Read(Text(LinesName), labelled: true, out var problem) ?? throw new InvalidDataException($"{LinesName}: {problem}");
        return sheet.Rows.Select(row => new LabelledLine(row.Reply, row.Class!.Value));
    }

    private static string Text(string name)
    {
        using var stream = typeof(ShippedFiles).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
