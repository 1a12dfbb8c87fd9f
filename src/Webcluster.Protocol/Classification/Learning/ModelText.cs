using System.Globalization;

namespace Webcluster.Protocol.Classification.Learning;

/// <summary>A model as text: its record in lines of `#`, the threshold, the names of the classes, and for each feature its weights in
/// hundredths, all separated by tabs.</summary>
internal static class ModelText
{
    private const string ThresholdKey = "threshold";
    private const string HeaderKey = "feature";
    private const int MostFeatures = 200_000;

    public static void Write(TextWriter output, LearnedModel model)
    {
        foreach (var line in model.Record) output.Write($"# {line}\n");
        output.Write(string.Create(CultureInfo.InvariantCulture, $"{ThresholdKey}\t{model.Threshold}\n"));
        output.Write($"{HeaderKey}\t{string.Join('\t', Enum.GetValues<BounceClass>().Select(each => each.Text()))}\n");
        foreach (var (feature, weights) in model.Weights.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            output.Write($"{feature}\t{string.Join('\t', weights.Select(weight => weight.ToString(CultureInfo.InvariantCulture)))}\n");
    }

    /// <summary>The model; null with a problem where the text is none.</summary>
    public static LearnedModel? Read(string text, out string problem)
    {
        var record = new List<string>();
        var weights = new Dictionary<string, short[]>(StringComparer.Ordinal);
        var threshold = double.NaN;
        BounceClass[]? classes = null;
        var number = 0;
        foreach (var line in text.EnumerateLines())
        {
            number++;
            if (line.IsEmpty) continue;
            if (line[0] == '#' && line.StartsWith("# "))
            {
                record.Add(line[2..].ToString());
                continue;
            }
            var fields = line.ToString().Split('\t');
            var isRead = fields[0] switch
            {
                ThresholdKey when classes is null => TryThreshold(fields, out threshold),
                HeaderKey when classes is null => TryHeader(fields, out classes),
                _ => classes is not null && weights.Count < MostFeatures && TryWeights(fields, classes, weights),
            };
            if (isRead) continue;
            problem = string.Create(CultureInfo.InvariantCulture, $"line {number} is none of a model");
            return null;
        }
        problem = classes is null || double.IsNaN(threshold) ? "this is no model: threshold or header is missing" : "";
        return problem.Length > 0 ? null : new LearnedModel(weights, threshold, record);
    }

    private static bool TryThreshold(string[] fields, out double threshold)
    {
        threshold = double.NaN;
        return fields.Length == 2 && double.TryParse(fields[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out threshold)
            && threshold is > 0 and <= 1;
    }

    private static bool TryHeader(string[] fields, out BounceClass[]? classes)
    {
        classes = null;
        var read = new List<BounceClass>();
        foreach (var name in fields.Skip(1))
        {
            if (!BounceClasses.TryParse(name, out var found) || read.Contains(found)) return false;
            read.Add(found);
        }
        if (read.Count == LearnedModel.Classes) classes = [.. read];
        return classes is not null;
    }

    private static bool TryWeights(string[] fields, BounceClass[] classes, Dictionary<string, short[]> weights)
    {
        if (fields.Length != classes.Length + 1) return false;
        var numbers = new short[LearnedModel.Classes];
        for (var at = 0; at < classes.Length; at++)
        {
            ref var number = ref numbers[(int)classes[at]];
            if (!short.TryParse(fields[at + 1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)) return false;
        }
        return weights.TryAdd(fields[0], numbers);
    }
}
