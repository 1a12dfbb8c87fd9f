namespace Webcluster.Queue.Events;

/// <summary>
/// One wide record for whatever happened; what does not apply is null and not written. It never holds content. All that concerns one
/// recipient has its own event; <see cref="MailEventKind.Accepted"/> is one for the message.
/// </summary>
public sealed record MailEvent
{
    public required MailEventKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The message's id, as its 250 said.</summary>
    public string? Message { get; init; }

    public string? Tenant { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>transactional, normal or bulk.</summary>
    public string? Class { get; init; }

    /// <summary>The reverse-path; empty: the null one.</summary>
    public string? Sender { get; init; }

    public string? Recipient { get; init; }

    /// <summary>Of an accepted message: the first hundred.</summary>
    public IReadOnlyList<string>? Recipients { get; init; }

    /// <summary>Octets of content.</summary>
    public long? Size { get; init; }

    public string? Provider { get; init; }

    public string? Site { get; init; }

    public string? Pool { get; init; }

    /// <summary>"system" where none is configured.</summary>
    public string? Source { get; init; }

    /// <summary>The other server's name and address.</summary>
    public string? Host { get; init; }

    public string? Address { get; init; }

    /// <summary>Protocol and cipher; null: none.</summary>
    public string? Tls { get; init; }

    /// <summary>Attempts that counted, with this one.</summary>
    public int? Attempt { get; init; }

    /// <summary>The enhanced code.</summary>
    public string? Status { get; init; }

    /// <summary>The server's words, or this node's finding.</summary>
    public string? Reply { get; init; }

    /// <summary>The bounce class (docs/classification.md).</summary>
    public string? Bounce { get; init; }

    /// <summary>What the remote said: true for 5yz, false for 4yz.</summary>
    public bool? Permanent { get; init; }

    /// <summary>This event put the address on the suppression list.</summary>
    public bool? Suppressing { get; init; }

    /// <summary>From the beginning of the attempt.</summary>
    public long? TookMs { get; init; }

    /// <summary>Since the message was accepted.</summary>
    public long? QueuedMs { get; init; }

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>The operator's rule, or the reply rule, behind it.</summary>
    public string? Rule { get; init; }

    /// <summary>Why: a rule's reason, what an adjustment changed, what kind of report came.</summary>
    public string? Reason { get; init; }

    /// <summary>The node that saw it.</summary>
    public string? Node { get; init; }
}
