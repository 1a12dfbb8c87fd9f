using Webcluster.Protocol.Mime;

namespace Webcluster.Protocol.Reports;

/// <summary>All that bounds the reading of a report. What lies beyond a limit is passed over, never an error.</summary>
public sealed record ReportLimits
{
    public static ReportLimits Default { get; } = new();

    public MimeLimits Mime { get; init; } = MimeLimits.Default;

    /// <summary>Lines of a report's text that are read, in front of the message it returns.</summary>
    public int MaxLines { get; init; } = 4000;

    /// <summary>Characters of a line that are read.</summary>
    public int MaxLineLength { get; init; } = 4000;

    /// <summary>Reports taken from one mail: recipients of one transaction.</summary>
    public int MaxReports { get; init; } = 500;

    /// <summary>Characters of a diagnostic that are kept.</summary>
    public int MaxDiagnostic { get; init; } = 1000;
}
