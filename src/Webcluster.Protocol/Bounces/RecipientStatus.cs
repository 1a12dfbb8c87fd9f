using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Bounces;

/// <summary>The fields of one recipient in a delivery status (RFC 3464 §2.3).</summary>
internal sealed class RecipientStatus
{
    public string? Final { get; set; }

    /// <summary>Where the reporting server delivers to in the end; also of use where the final recipient is none.</summary>
    public string? Actual { get; set; }

    public string? Original { get; set; }
    public StatusAction? Action { get; set; }
    public EnhancedCode Status { get; set; }
    public string Diagnostic { get; set; } = "";

    /// <summary>What stands in brackets behind the status.</summary>
    public string Comment { get; set; } = "";

    public bool NamesRecipient { get; set; }

    public bool IsReport => NamesRecipient || Action is not null;

    /// <summary>The address that failed: final, else original, else actual.</summary>
    public string? Address => Final ?? Original ?? Actual;
}

/// <summary>RFC 3464 §2.3.3, and the answers of an address probe.</summary>
internal enum StatusAction
{
    Failed,
    Delayed,
    Delivered,
    Relayed,
    Expanded,
}
