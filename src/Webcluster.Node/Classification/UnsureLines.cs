using System.Globalization;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Classification.Learning;

namespace Webcluster.Node.Classification;

/// <summary>What nothing was sure of, to be labelled: the most frequent first, replies that differ in names and numbers only once. The table
/// that is printed can be read again when its class column is filled in.</summary>
internal static class UnsureLines
{
    public static void Print(TextWriter output, IReplyClassifier classifier, ReplySheet sheet)
    {
        output.WriteLine("unified_category\tweight\tguess\treply");
        var groups = sheet.Rows
            .Select(row => (Row: row, Answer: classifier.Classify(row.Reply, row.Provider)))
            .Where(line => line.Answer.By == ClassifiedBy.Code)
            .GroupBy(line => ModelTraining.FormOf(line.Row.Reply), StringComparer.Ordinal)
            .OrderByDescending(group => group.Sum(line => line.Row.Weight ?? 1));
        foreach (var group in groups)
        {
            var (row, answer) = group.First();
            var weight = group.Sum(line => line.Row.Weight ?? 1).ToString(CultureInfo.InvariantCulture);
            output.WriteLine($"\t{weight}\t{answer.Class.Text()}\t{row.Reply}");
        }
    }
}
