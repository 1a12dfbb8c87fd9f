using System.Globalization;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Classification.Learning;

namespace Webcluster.Node.Classification;

/// <summary>What nothing was sure of, to be labelled: the most frequent first, replies that differ in names and numbers only once. The table
/// that is printed can be read again when its class column is filled in.</summary>
internal static class UnsureLines
{
    public static void Print(TextWriter output, IReplyClassifier classifier, ReplySheet sheet) => Print(output, sheet.Rows
        .Select(row => (Row: row, Answer: classifier.Classify(row.Reply, row.Provider)))
        .Where(line => line.Answer.By == ClassifiedBy.Code)
        .GroupBy(line => ModelTraining.FormOf(line.Row.Reply), StringComparer.Ordinal)
        .Select(group => (group.Sum(line => line.Row.Weight ?? 1), group.First().Answer.Class.Text(), group.First().Row.Reply))
        .OrderByDescending(line => line.Item1));

    /// <param name="lines">How often, the guess, the reply.</param>
    public static void Print(TextWriter output, IEnumerable<(double Weight, string Guess, string Reply)> lines)
    {
        output.WriteLine("unified_category\tweight\tguess\treply");
        foreach (var (weight, guess, reply) in lines)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\t{weight}\t{guess}\t{reply}"));
    }
}
