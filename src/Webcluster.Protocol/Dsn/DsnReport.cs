using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Dsn;

public enum DsnAction { Failed, Delayed, Delivered, Relayed, Expanded }

/// <summary>One recipient of a report (RFC 3464 §2.3).</summary>
/// <param name="OriginalRecipient">ORCPT as it was given ("rfc822;a@example.com"), null where none.</param>
/// <param name="RemoteMta">Host name of the server that answered, null where none did.</param>
/// <param name="Diagnostic">Its reply, null where none: then <paramref name="Explanation"/> says what happened.</param>
/// <param name="WillRetryUntil">Only for Delayed.</param>
public sealed record DsnRecipient(
    Mailbox Recipient, string? OriginalRecipient, DsnAction Action, EnhancedCode Status, string? RemoteMta, SmtpReply? Diagnostic,
    string Explanation, DateTimeOffset? LastAttempt, DateTimeOffset? WillRetryUntil);

/// <summary>All that a DSN says (RFC 3464).</summary>
/// <param name="Original">The message it is about, as accepted.</param>
/// <param name="Return">FULL returns all of it (up to <see cref="DsnWriter.MaxReturned"/>), else only its header.</param>
/// <param name="UseUtf8">True where an address is not ASCII: then RFC 6533's forms are written.</param>
public sealed record DsnReport(
    string ReportingMta, Mailbox From, Mailbox To, string MessageId, string Boundary, DateTimeOffset Date,
    string? EnvelopeId, DateTimeOffset ArrivalDate, IReadOnlyList<DsnRecipient> Recipients,
    ReadOnlyMemory<byte> Original, DsnReturn Return, bool UseUtf8);
