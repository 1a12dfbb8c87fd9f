using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Classification.Learning;

namespace Webcluster.Node.Classification;

/// <summary>Reads an operator's rules, models and labelled lines. A problem is one line that begins with the file's name.</summary>
internal static class ClassifierFiles
{
    private const long MostRuleOctets = 1 << 20;
    private const long MostModelOctets = 64 << 20;
    private const long MostSheetOctets = 256 << 20;

    /// <summary>The shipped classifier, with the operator's rules asked before its own, and the operator's model in place of its
    /// own.</summary>
    public static ReplyClassifier? Load(string? rules, string? model, out string problem)
    {
        problem = "";
        var classifier = ReplyClassifier.Shipped();
        if (rules is not null)
        {
            if (Read(rules, MostRuleOctets, out problem) is not { } text) return null;
            var problems = new List<string>();
            if (classifier.WithRules(rules, text, problems) is not { } withRules)
            {
                problem = problems.Count == 1 ? problems[0] : $"{problems[0]} (and {problems.Count - 1} more)";
                return null;
            }
            classifier = withRules;
        }
        if (model is null) return classifier;
        if (Read(model, MostModelOctets, out problem) is not { } weights) return null;
        if (classifier.WithModel(weights, out problem) is { } withModel) return withModel;
        problem = $"{model}: {problem}";
        return null;
    }

    /// <param name="labelled">Only rows that have a class.</param>
    public static ReplySheet? Sheet(string file, bool labelled, out string problem)
    {
        if (Read(file, MostSheetOctets, out problem) is not { } text) return null;
        if (ReplySheet.Read(text, labelled, out problem) is { } sheet) return sheet;
        problem = $"{file}: {problem}";
        return null;
    }

    private static string? Read(string file, long most, out string problem)
    {
        problem = "";
        if (Directory.Exists(file)) problem = $"{file}: this is a folder";
        else if (!File.Exists(file)) problem = $"{file}: there is no such file";
        else if (new FileInfo(file).Length > most) problem = $"{file}: larger than {most >> 20} MiB";
        else return File.ReadAllText(file);
        return null;
    }
}
