using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Reports;

/// <summary>What a mail reports of one recipient, or, where it names none, of the message.</summary>
public sealed record MailReport(ReportKind Kind)
{
    /// <summary>The address that failed or complained, as the report writes it; null where it names none.</summary>
    public string? Recipient { get; init; }

    /// <summary>The address that the message was sent to, where the report says that it is another.</summary>
    public string? OriginalRecipient { get; init; }

    public EnhancedCode Status { get; init; }

    /// <summary>The reply code of the server that refused; null where the report has none.</summary>
    public int? Reply { get; init; }

    /// <summary>What the reporting or the refusing server said; empty where it said nothing.</summary>
    public string Diagnostic { get; init; } = "";

    /// <summary>Given up for good (5.x.x) or for now (4.x.x)? Null for all but bounces and delays.</summary>
    public bool? Permanent { get; init; }

    /// <summary>Why: for bounces and delays.</summary>
    public ReplyClassification? Cause { get; init; }

    /// <summary>The token of the message this is about, from the signed header or the return path; unverified.</summary>
    public string? Reference { get; init; }

    /// <summary>Message-ID of the message this is about.</summary>
    public string? MessageId { get; init; }
}
