namespace Webcluster.Node.Classification;

/// <summary>What is known here of the meaning of replies besides what is part of the program (docs/classification.md).</summary>
public sealed class ClassificationOptions
{
    /// <summary>File of rules of your own, asked before the shipped ones; as <c>webcluster classify --rules</c> takes it. Default
    /// none.</summary>
    public string Rules { get; set; } = "";

    /// <summary>File of a model that <c>webcluster classify train</c> made, in place of the shipped one. Default none.</summary>
    public string Model { get; set; } = "";

    /// <summary>How sure the model must be to be believed: more than 0, up to 1. Default what the model's file says (0.5).</summary>
    public double? Threshold { get; set; }

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Threshold is not (null or > 0 and <= 1)) yield return ("threshold", "must be more than 0 and at most 1");
    }

    /// <summary>Files that are not there or cannot be used.</summary>
    public IEnumerable<(string Key, string Problem)> FileProblems()
    {
        var problems = new List<(string, string)>();
        if (Rules.Length + Model.Length > 0) ClassifierFiles.Load(this, problems);
        return problems;
    }
}
