using System.Globalization;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Reports;

namespace Webcluster.Node.Bounces;

/// <summary>Scores reports against what is known of them. What is not known is not scored.</summary>
internal sealed class BounceEvaluation
{
    private readonly List<string> _misses = [];
    private Share _recognised, _complaints, _complaintRecipient, _recipient, _permanence, _category;
    private int _notBounces, _falsePositives;

    public IReadOnlyList<string> Misses => _misses;

    /// <param name="expected">The rows of one mail.</param>
    /// <param name="reports">What was read in it.</param>
    public void Add(IReadOnlyList<ExpectedReport> expected, IReadOnlyList<MailReport> reports)
    {
        var free = new List<MailReport>(reports);
        // First those whose recipient fits, so that the order of reports does not matter.
        foreach (var (row, report) in Paired(expected, free)) Score(row, report, reports);
        if (expected.Any(row => row.IsBounce == false)) ScoreNotBounce(expected[0], reports);
    }

    public void WriteTo(TextWriter output)
    {
        output.WriteLine($"reports recognised      {_recognised}");
        output.WriteLine($"complaints recognised   {_complaints}");
        output.WriteLine($"recipient of complaint  {_complaintRecipient}");
        output.WriteLine($"recipient               {_recipient}");
        output.WriteLine($"permanent or temporary  {_permanence}");
        output.WriteLine($"category                {_category}");
        output.WriteLine(Invariant($"not bounces             {_notBounces - _falsePositives} of {_notBounces}"));
        output.WriteLine(Invariant($"figure bounce_recognised {_recognised.Value:F4}"));
        output.WriteLine(Invariant($"figure bounce_complaints {_complaints.Value:F4}"));
        output.WriteLine(Invariant($"figure bounce_recipient {_recipient.Value:F4}"));
        output.WriteLine(Invariant($"figure bounce_permanence {_permanence.Value:F4}"));
        output.WriteLine(Invariant($"figure bounce_category {_category.Value:F4}"));
        output.WriteLine(Invariant($"figure bounce_false_positives {_falsePositives}"));
    }

    private static IEnumerable<(ExpectedReport, MailReport?)> Paired(IReadOnlyList<ExpectedReport> expected, List<MailReport> free)
    {
        var pairs = new MailReport?[expected.Count];
        for (var pass = 0; pass < 2; pass++)
            for (var index = 0; index < expected.Count; index++)
            {
                var row = expected[index];
                if (pairs[index] is not null) continue;
                pairs[index] = pass == 0 ? free.Find(report => IsSame(row.Recipient, report.Recipient)) : free.FirstOrDefault();
                if (pairs[index] is { } taken) free.Remove(taken);
            }

        return expected.Zip(pairs);
    }

    private void Score(ExpectedReport row, MailReport? report, IReadOnlyList<MailReport> all)
    {
        // One report may stand for several rows of one recipient.
        report ??= all.FirstOrDefault(each => IsSame(row.Recipient, each.Recipient)) ?? all[0];
        var isRecipient = IsSame(row.Recipient, report.Recipient);
        if (row.IsComplaint)
        {
            Count(ref _complaints, IsComplaint(report.Kind), row, "complaint", "", report.Kind.Text());
            if (row.Recipient.Length > 0)
                Count(ref _complaintRecipient, isRecipient, row, "complaint's recipient", row.Recipient, report.Recipient);
        }

        if (row.IsBounce != true) return;
        var isReport = report.Kind is not (ReportKind.AutoReply or ReportKind.Other or ReportKind.Receipt);
        Count(ref _recognised, isReport, row, "report", "", report.Kind.Text());
        if (row.Recipient.Length > 0) Count(ref _recipient, isRecipient, row, "recipient", row.Recipient, report.Recipient);
        if (row.Status.Length > 0 && row.Status[0] is '4' or '5')
            Count(ref _permanence, report.Permanent == (row.Status[0] == '5'), row, "permanent", row.Status,
                $"{report.Permanent} {report.Status} {report.Diagnostic}");
        if (row.Category.Length > 0)
            Count(ref _category, report.Cause is { } cause && row.Acceptable.Contains(cause.Class.Text()), row, "category", row.Category,
                $"{report.Cause?.Class.Text()} ({report.Cause?.By} {report.Cause?.Rule}) {report.Diagnostic}");
    }

    private void ScoreNotBounce(ExpectedReport row, IReadOnlyList<MailReport> reports)
    {
        _notBounces++;
        if (!reports.Any(report => report.Kind is ReportKind.Bounce or ReportKind.Delay)) return;
        _falsePositives++;
        _misses.Add($"{row.File}\tno bounce\t\t{reports[0].Kind.Text()}");
    }

    private void Count(ref Share share, bool right, ExpectedReport row, string what, string expected, string? found)
    {
        share = share.Plus(right);
        if (!right) _misses.Add($"{row.File}\t{what}\t{expected}\t{found}");
    }

    private static bool IsComplaint(ReportKind kind) =>
        kind is ReportKind.Complaint or ReportKind.OptOut or ReportKind.AuthFailure or ReportKind.NotSpam;

    private static bool IsSame(string expected, string? found) =>
        found is not null && Plain(expected).Equals(Plain(found), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string address) => address.Trim('<', '>', ' ').Replace("\"", "", StringComparison.Ordinal);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Share(int Right, int All)
    {
        public double Value => All == 0 ? 1 : (double)Right / All;

        public Share Plus(bool right) => new(Right + (right ? 1 : 0), All + 1);

        public override string ToString() => Invariant($"{Right} of {All} ({Value:P1})");
    }
}
