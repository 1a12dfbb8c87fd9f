using System.Globalization;
using BenchmarkDotNet.Reports;

namespace Webcluster.MicroBenchmarks;

internal static class Figures
{
    /// <summary>A figure of time, in nanoseconds, and one of allocated octets for each benchmark.</summary>
    /// <returns>Whether there were any, and all of them ran.</returns>
    public static bool Print(IEnumerable<Summary> summaries)
    {
        var reports = summaries.SelectMany(summary => summary.Reports).ToList();
        foreach (var report in reports.Where(report => report.ResultStatistics is not null))
        {
            var name = Snake(report.BenchmarkCase.Descriptor.WorkloadMethod.Name);
            var octets = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure micro_{name}_ns {report.ResultStatistics!.Mean:F0}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure micro_{name}_octets {octets}"));
            if (report.BenchmarkCase.Descriptor.WorkloadMethod.Name == nameof(SessionBenchmarks.AcceptSmallestLater))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure session_octets_per_mail {octets}"));
        }

        return reports.Count > 0 && reports.TrueForAll(report => report.ResultStatistics is not null);
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) && i > 0 ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
