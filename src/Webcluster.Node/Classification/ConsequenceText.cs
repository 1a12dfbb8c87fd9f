using System.Globalization;
using Webcluster.Protocol.Classification;

namespace Webcluster.Node.Classification;

/// <summary>One answer, and what follows from it, for people.</summary>
internal static class ConsequenceText
{
    public static void Print(TextWriter output, ReplyClassification answer)
    {
        output.WriteLine($"class        {answer.Class.Text()}");
        output.WriteLine($"permanent    {answer.Permanent switch { true => "yes", false => "no", null => "not said" }}");
        output.WriteLine($"by           {EvaluationText.ByWhat(answer)}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"confidence   {answer.Confidence:0.00}"));
        output.WriteLine($"consequence  {string.Join(", ", Of(answer))}");
    }

    private static IEnumerable<string> Of(ReplyClassification answer)
    {
        yield return answer.Retries() ? "retry" : "fail";
        if (answer.Suppresses()) yield return "suppress the address";
        if (answer.IsSoftFailure()) yield return "suppress the address when it happens again and again";
        if (answer.SlowsSource()) yield return "slow the source";
        if (answer.Alarms()) yield return "alarm";
    }
}
