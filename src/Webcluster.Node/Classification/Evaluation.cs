using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Classification.Learning;

namespace Webcluster.Node.Classification;

/// <summary>What a classifier says to labelled lines, and how right it is.</summary>
internal sealed record Evaluation(IReadOnlyList<JudgedLine> Lines, int Skipped)
{
    /// <summary>The share of the lines with an acceptable answer.</summary>
    public double Acceptable => Share(Lines, line => line.IsAcceptable);

    public IEnumerable<JudgedLine> WrongSuppressions => Lines.Where(line => line.IsWrongSuppression);

    public static Evaluation Of(IReplyClassifier classifier, ReplySheet sheet) =>
        new([.. sheet.Rows.Select(row => Judge(classifier, row))], sheet.Skipped);

    /// <summary>Each line is judged by a model that learned from the shipped lines and from the other folds, not from its own.</summary>
    public static Evaluation ByFolds(ReplyClassifier classifier, ReplySheet sheet, int folds)
    {
        var shipped = ModelTraining.ShippedLines();
        var byFold = sheet.Rows.ToLookup(row => ModelTraining.FoldOf(row.Reply, folds));
        var judged = new List<JudgedLine>();
        for (var fold = 0; fold < folds; fold++)
        {
            var others = byFold.Where(part => part.Key != fold).SelectMany(part => part);
            var trained = classifier.WithModelOf([.. shipped, .. others.Select(row => new LabelledLine(row.Reply, row.Class!.Value))]);
            judged.AddRange(byFold[fold].Select(row => Judge(trained, row)));
        }
        return new Evaluation(judged, sheet.Skipped);
    }

    public static double Share(IReadOnlyCollection<JudgedLine> lines, Func<JudgedLine, bool> isTrue) =>
        lines.Count == 0 ? 0 : (double)lines.Count(isTrue) / lines.Count;

    private static JudgedLine Judge(IReplyClassifier classifier, SheetRow row) => new(row, classifier.Classify(row.Reply, row.Provider));
}

internal sealed record JudgedLine(SheetRow Row, ReplyClassification Answer)
{
    public bool IsAcceptable => Row.Acceptable.Contains(Answer.Class);

    public bool IsStrict => Row.Class == Answer.Class;

    /// <summary>The address would get no more mail, though nothing says that its mailbox is not there or not used.</summary>
    public bool IsWrongSuppression =>
        Answer.Suppresses() && !Row.Acceptable.Contains(BounceClass.InvalidRecipient)
            && !Row.Acceptable.Contains(BounceClass.InactiveMailbox);
}
