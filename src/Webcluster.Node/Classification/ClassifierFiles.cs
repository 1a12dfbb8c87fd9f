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
    /// own; null with all problems, each with the option that it is about.</summary>
    public static ReplyClassifier? Load(ClassificationOptions options, List<(string Key, string Problem)> problems)
    {
        var classifier = ReplyClassifier.Shipped();
        if (options.Rules.Length > 0) classifier = WithRules(classifier, options.Rules, problems);
        if (options.Model.Length > 0) classifier = WithModel(classifier, options.Model, problems);
        if (options.Threshold is { } threshold) classifier = classifier.WithThreshold(threshold);
        return problems.Count == 0 ? classifier : null;
    }

    /// <param name="labelled">Only rows that have a class.</param>
    public static ReplySheet? Sheet(string file, bool labelled, out string problem)
    {
        if (Read(file, MostSheetOctets, out problem) is not { } text) return null;
        if (ReplySheet.Read(text, labelled, out problem) is { } sheet) return sheet;
        problem = $"{file}: {problem}";
        return null;
    }

    private static ReplyClassifier WithRules(ReplyClassifier classifier, string file, List<(string Key, string Problem)> problems)
    {
        var found = new List<string>();
        if (Read(file, MostRuleOctets, out var unreadable) is not { } text) found.Add(unreadable);
        else if (classifier.WithRules(file, text, found) is { } withRules) return withRules;
        problems.AddRange(found.Select(problem => ("rules", problem)));
        return classifier;
    }

    private static ReplyClassifier WithModel(ReplyClassifier classifier, string file, List<(string Key, string Problem)> problems)
    {
        if (Read(file, MostModelOctets, out var problem) is { } text)
        {
            if (classifier.WithModel(text, out problem) is { } withModel) return withModel;
            problem = $"{file}: {problem}";
        }
        problems.Add(("model", problem));
        return classifier;
    }

    private static string? Read(string file, long most, out string problem)
    {
        problem = "";
        try
        {
            if (Directory.Exists(file)) problem = $"{file}: this is a folder";
            else if (!File.Exists(file)) problem = $"{file}: there is no such file";
            else if (new FileInfo(file).Length > most) problem = $"{file}: larger than {most >> 20} MiB";
            else return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"{file}: cannot be read: {error.Message}";
        }
        return null;
    }
}
