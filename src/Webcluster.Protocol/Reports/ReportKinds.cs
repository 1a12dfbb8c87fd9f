namespace Webcluster.Protocol.Reports;

/// <summary>The text form of a <see cref="ReportKind"/>, as in files and events.</summary>
public static class ReportKinds
{
    private static readonly string[] Names =
    [
        "bounce", "delay", "delivered", "relayed", "expanded", "complaint", "not-spam", "opt-out", "auth-failure", "receipt", "auto-reply",
        "other",
    ];

    public static string Text(this ReportKind kind) => Names[(int)kind];
}
