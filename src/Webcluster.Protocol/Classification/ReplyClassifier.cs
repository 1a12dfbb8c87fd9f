using System.Collections.Immutable;
using Webcluster.Protocol.Classification.Learning;
using Webcluster.Protocol.Classification.Rules;
using Webcluster.Protocol.Classification.Text;

namespace Webcluster.Protocol.Classification;

/// <summary>The rules first; what none matches, the learned classifier; what it is not sure of, the codes. Immutable.</summary>
public sealed class ReplyClassifier : IReplyClassifier
{
    private readonly ImmutableArray<ReplyRule> _rules;
    private readonly RuleTable _table;
    private readonly LearnedModel _model;
    private readonly double? _threshold;

    /// <param name="threshold">Null: the model's own.</param>
    private ReplyClassifier(ImmutableArray<ReplyRule> rules, LearnedModel model, double? threshold = null)
    {
        (_rules, _model, _threshold) = (rules, model, threshold);
        _table = new RuleTable(rules);
    }

    /// <summary>With the rules and the model that are part of the program. It reads them each time, some tens of milliseconds: a process needs
    /// one.</summary>
    public static ReplyClassifier Shipped() => new(ShippedFiles.Rules(), ShippedFiles.Model());

    /// <summary>What the model was learned from, line by line.</summary>
    public IReadOnlyList<string> TrainingRecord => _model.Record;

    public ReplyClassification Classify(string reply, string? provider = null)
    {
        var text = ReplyNormalizer.Normalize(reply);
        var permanent = text.Permanent;
        if (_table.Match(text, provider) is { } rule)
            return new ReplyClassification(rule.Class, permanent, ClassifiedBy.Rule, rule.Sure, rule.Name);
        var (likeliest, probability) = text.Words.Length > 1 ? _model.Classify(text) : default;
        if (probability >= (_threshold ?? _model.Threshold) && Fits(likeliest, permanent))
            return new ReplyClassification(likeliest, permanent, ClassifiedBy.Model, probability);
        var (ofCode, confidence) = EnhancedCodeClasses.Of(text);
        return new ReplyClassification(ofCode, permanent, ClassifiedBy.Code, confidence);
    }

    /// <summary>The same with rules of one's own, asked before; null with the problems where the text has any.</summary>
    /// <param name="file">The name that problems begin with.</param>
    public ReplyClassifier? WithRules(string file, string text, List<string> problems)
    {
        var before = problems.Count;
        var rules = RuleReader.Read(file, text, problems);
        return problems.Count == before ? new ReplyClassifier([.. rules, .. _rules], _model, _threshold) : null;
    }

    /// <summary>The same with another model; null with the problem where the text is none.</summary>
    public ReplyClassifier? WithModel(string text, out string problem) =>
        ModelText.Read(text, out problem) is { } model ? new ReplyClassifier(_rules, model, _threshold) : null;

    /// <summary>The same, where a less likely answer of the model is none.</summary>
    public ReplyClassifier WithThreshold(double threshold) => new(_rules, _model, threshold);

    /// <summary>The same with a model learned now.</summary>
    public ReplyClassifier WithModelOf(IReadOnlyCollection<LabelledLine> lines) =>
        new(_rules, ModelTrainer.Train(lines, ModelTrainer.DefaultThreshold, []), _threshold);

    /// <summary>"Other" is said of what the remote said.</summary>
    private static bool Fits(BounceClass likeliest, bool? permanent) => likeliest switch
    {
        BounceClass.TransientOther => permanent == false,
        BounceClass.PermanentOther => permanent != false,
        _ => true,
    };
}
