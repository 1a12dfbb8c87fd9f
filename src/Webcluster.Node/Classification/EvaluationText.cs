using System.Globalization;
using Webcluster.Protocol.Classification;

namespace Webcluster.Node.Classification;

/// <summary>Prints an evaluation; its last lines are the figures.</summary>
internal static class EvaluationText
{
    private const int LongestReply = 160;

    public static void Print(TextWriter output, Evaluation evaluation, bool misses)
    {
        PrintShares(output, evaluation);
        PrintClasses(output, evaluation.Lines);
        if (misses) PrintLines(output, "not acceptable:", evaluation.Lines.Where(line => !line.IsAcceptable));
        PrintLines(output, "wrong suppressions:", evaluation.WrongSuppressions);
        output.WriteLine(Invariant($"figure classify_acceptable {evaluation.Acceptable:0.0000}"));
        output.WriteLine(Invariant($"figure classify_wrong_suppressions {evaluation.WrongSuppressions.Count()}"));
    }

    private static void PrintShares(TextWriter output, Evaluation evaluation)
    {
        var lines = evaluation.Lines;
        var skipped = evaluation.Skipped > 0 ? Invariant($" ({evaluation.Skipped} left out: no reply or no known class)") : "";
        output.WriteLine(Invariant($"lines       {lines.Count}{skipped}"));
        output.WriteLine(Invariant($"acceptable  {evaluation.Acceptable:0.0000}"));
        output.WriteLine(Invariant($"strict      {Evaluation.Share(lines, line => line.IsStrict):0.0000}"));
        var weighted = lines.Where(line => line.Row.Weight is not null).ToList();
        if (weighted.Count > 0)
        {
            var right = weighted.Where(line => line.IsAcceptable).Sum(line => line.Row.Weight!.Value);
            var share = right / weighted.Sum(line => line.Row.Weight!.Value);
            output.WriteLine(Invariant($"weighted    {share:0.0000} of what {weighted.Count} lines with a weight stand for"));
        }
        foreach (var by in Enum.GetValues<ClassifiedBy>())
        {
            var answered = lines.Where(line => line.Answer.By == by).ToList();
            var share = Evaluation.Share(lines, line => line.Answer.By == by);
            var right = Evaluation.Share(answered, line => line.IsAcceptable);
            output.WriteLine(Invariant($"by {NameOf(by),-8} {share:0.0000} of the lines, {right:0.0000} of these acceptable"));
        }
        output.WriteLine(Invariant($"suppressed  {lines.Count(line => line.Answer.Suppresses())} addresses"));
    }

    /// <summary>Recall: of the lines of a class, those with an acceptable answer. Precision: of the answers, those that are
    /// acceptable.</summary>
    private static void PrintClasses(TextWriter output, IReadOnlyList<JudgedLine> lines)
    {
        output.WriteLine($"{"class",-20}{"lines",8}{"recall",10}{"answers",10}{"precision",12}");
        foreach (var each in Enum.GetValues<BounceClass>())
        {
            var labelled = lines.Where(line => line.Row.Class == each).ToList();
            var answered = lines.Where(line => line.Answer.Class == each).ToList();
            if (labelled.Count + answered.Count == 0) continue;
            output.WriteLine($"{each.Text(),-20}{Count(labelled),8}{Right(labelled),10}{Count(answered),10}{Right(answered),12}");
        }
    }

    private static string Count(List<JudgedLine> lines) => lines.Count.ToString(CultureInfo.InvariantCulture);

    private static string Right(List<JudgedLine> lines) =>
        lines.Count == 0 ? "-" : Evaluation.Share(lines, line => line.IsAcceptable).ToString("0.000", CultureInfo.InvariantCulture);

    private static void PrintLines(TextWriter output, string title, IEnumerable<JudgedLine> lines)
    {
        var listed = lines.ToList();
        if (listed.Count == 0) return;
        output.WriteLine(title);
        foreach (var line in listed)
        {
            var wanted = string.Join('|', line.Row.Acceptable.Select(each => each.Text()));
            output.WriteLine($"  {line.Answer.Class.Text()} ({ByWhat(line.Answer)}), wanted {wanted}: {Shortened(line.Row.Reply)}");
        }
    }

    public static string ByWhat(ReplyClassification answer) =>
        answer.By == ClassifiedBy.Rule ? $"rule {answer.Rule}" : NameOf(answer.By);

    public static string NameOf(ClassifiedBy by) => by switch
    {
        ClassifiedBy.Rule => "rule",
        ClassifiedBy.Model => "model",
        ClassifiedBy.Code => "code",
        _ => throw new ArgumentOutOfRangeException(nameof(by)),
    };

    private static string Shortened(string reply) => reply.Length <= LongestReply ? reply : $"{reply[..LongestReply]}...";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
