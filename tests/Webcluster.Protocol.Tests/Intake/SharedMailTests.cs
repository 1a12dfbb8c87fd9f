using Shouldly;
using Webcluster.Protocol.Reports;
using Webcluster.TestKit;

namespace Webcluster.Protocol.Tests.Intake;

/// <summary>Real mails of which it is known what they report; figures as `webcluster bounce evaluate` prints them.</summary>
public sealed class SharedMailTests
{
    private static readonly ReportKind[] Failures = [ReportKind.Bounce, ReportKind.Delay];
    private static readonly ReportKind[] Complaints = [ReportKind.Complaint, ReportKind.OptOut, ReportKind.AuthFailure, ReportKind.NotSpam];

    private static IEnumerable<Dictionary<string, string>> Rows
    {
        get
        {
            var lines = File.ReadAllLines(SharedData.Path("bounces/index.tsv"));
            var names = lines[0].Split('\t');
            return lines.Skip(1).Select(line => names.Zip(line.Split('\t')).ToDictionary(cell => cell.First, cell => cell.Second));
        }
    }

    [SharedDataFact]
    public void Read_ComplaintsAndOthers_AreNeverBounces()
    {
        foreach (var row in Rows.Where(row => row["is_bounce"] == "0"))
            Kinds(row["file"]).Intersect(Failures).ShouldBeEmpty(row["file"]);
    }

    [SharedDataFact]
    public void Read_Complaints_AreAllRecognised()
    {
        foreach (var row in Rows.Where(row => row["feedback_type"].Length > 0))
            Kinds(row["file"]).Intersect(Complaints).ShouldNotBeEmpty(row["file"]);
    }

    [SharedDataFact]
    public void Read_Bounces_HaveTheirRecipient()
    {
        var rows = Rows.Where(row => row["is_bounce"] == "1" && row["expected_recipient"].Length > 0).ToList();
        var right = rows.Count(row => Reports(row["file"]).Any(report =>
            row["expected_recipient"].Equals(report.Recipient, StringComparison.OrdinalIgnoreCase)));
        ((double)right / rows.Count).ShouldBeGreaterThan(0.97);
    }

    [SharedDataFact]
    public void Read_SharedEximWarning_IsADelay() => Kinds("sisimai/lhost-exim-41.eml").ShouldBe([ReportKind.Delay]);

    private static IEnumerable<ReportKind> Kinds(string file) => Reports(file).Select(report => report.Kind);

    private static IReadOnlyList<MailReport> Reports(string file) =>
        ReadMail.Reader.Read(File.ReadAllBytes(SharedData.Path($"bounces/{file}")));
}
