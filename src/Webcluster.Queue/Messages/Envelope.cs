using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Queue.Messages;

/// <summary>What all deliveries of a message share.</summary>
/// <param name="ReversePath">Null: the null reverse-path; never gets a DSN.</param>
/// <param name="EightBit">The content has octets over 127.</param>
/// <param name="SmtpUtf8">An address or header needs SMTPUTF8 all the way (RFC 6531).</param>
/// <param name="Tenant">Who the mail belongs to; from the credential.</param>
/// <param name="Tags">What its sender calls it.</param>
public sealed record Envelope(
    Mailbox? ReversePath, string? EnvelopeId, DsnReturn Return, bool EightBit, bool SmtpUtf8, string Tenant, MessageTags Tags = default)
{
    /// <summary>What the sender asks of the TLS on the way.</summary>
    public TlsWish Tls { get; init; }
}

/// <summary>A sender's word on TLS (RFC 8689).</summary>
public enum TlsWish
{
    /// <summary>None: as the operator and the receiving domain have it.</summary>
    Usual,

    /// <summary>REQUIRETLS: only over verified TLS to a server that promises the same.</summary>
    Required,

    /// <summary>"TLS-Required: No": rather delivered than protected, whatever the receiving domain publishes.</summary>
    Relaxed,
}

/// <summary>A recipient still to be served.</summary>
/// <param name="OriginalRecipient">ORCPT: "type;address", decoded; null where the sender gave none.</param>
/// <param name="LastReply">What the last attempt got, as one line for people and DSNs; null before the first.</param>
/// <param name="DelayNotified">A delay DSN went out already; there is at most one.</param>
public sealed record QueuedRecipient(
    Mailbox Address, DsnNotify Notify, string? OriginalRecipient, string? LastReply = null, bool DelayNotified = false);
