using System.Globalization;
using Webcluster.Protocol.Classification.Learning;

namespace Webcluster.Protocol.Classification;

/// <summary>Makes the file of a model out of labelled lines.</summary>
public static class ModelTraining
{
    private const int Folds = 5;

    /// <summary>The lines that are part of the program: written for it, and the rules' examples.</summary>
    public static IReadOnlyList<LabelledLine> ShippedLines() => [.. ShippedFiles.Lines()];

    /// <param name="sources">Names and counts of what the lines are from, for the record.</param>
    /// <param name="figures">The accuracy by cross-validation, in words.</param>
    public static string Train(IReadOnlyList<LabelledLine> lines, IEnumerable<string> sources, out string figures)
    {
        figures = CrossValidate(lines);
        var record = new List<string> { "A model of webcluster classify: logistic regression over words, pairs of words and codes." };
        record.AddRange(sources.Select(source => $"from {source}"));
        record.Add(figures);
        using var text = new StringWriter { NewLine = "\n" };
        ModelText.Write(text, ModelTrainer.Train(lines, ModelTrainer.DefaultThreshold, record));
        return text.ToString();
    }

    /// <summary>Which of the folds a line is in; the same text is always in the same, so that no line is judged by its own copy.</summary>
    public static int FoldOf(string reply, int folds)
    {
        var hash = 2166136261u;
        foreach (var letter in FormOf(reply)) hash = (hash ^ letter) * 16777619;
        return (int)(hash % (uint)folds);
    }

    /// <summary>What replies that differ in names and numbers only have in common.</summary>
    public static string FormOf(string reply)
    {
        var text = Text.ReplyNormalizer.Normalize(reply);
        return string.Create(CultureInfo.InvariantCulture, $"{text.Code} {text.Enhanced}{text.Words}");
    }

    private static string CrossValidate(IReadOnlyList<LabelledLine> lines)
    {
        var (sure, right) = (0, 0);
        for (var fold = 0; fold < Folds; fold++)
        {
            var groups = lines.ToLookup(line => FoldOf(line.Reply, Folds) == fold);
            var model = ModelTrainer.Train([.. groups[false]], ModelTrainer.DefaultThreshold, []);
            foreach (var line in groups[true])
            {
                var (found, probability) = model.Classify(Text.ReplyNormalizer.Normalize(line.Reply));
                if (probability < model.Threshold) continue;
                sure++;
                if (found == line.Class) right++;
            }
        }
        var ofAll = (double)sure / Math.Max(lines.Count, 1);
        var ofThese = (double)right / Math.Max(sure, 1);
        return string.Create(CultureInfo.InvariantCulture,
            $"cross-validation in {Folds} folds: {lines.Count} lines, sure of {ofAll:0.000}, of these right {ofThese:0.000}");
    }
}
