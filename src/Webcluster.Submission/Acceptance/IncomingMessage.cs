using System.Net;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Messages;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Tls;

namespace Webcluster.Submission.Acceptance;

/// <summary>A message as a client sent it, whole and checked for line ends.</summary>
/// <param name="Content">The acceptor's to keep: nobody writes to it any more.</param>
/// <param name="BodyHash">Of the content's body, taken while it arrived; null where nobody asked for it.</param>
internal sealed record IncomingMessage(
    Mailbox? ReversePath, MailParameters Parameters, IReadOnlyList<QueuedRecipient> Recipients, ReadOnlyMemory<byte> Content,
    BodyHash? BodyHash, SubmissionOrigin Origin, AuthenticatedPrincipal Principal);

/// <summary>How a message came in, for its Received field.</summary>
/// <param name="HelloName">As the client gave it, or "unknown"; nothing in it can end a field or a comment.</param>
/// <param name="IsExtended">EHLO, not HELO.</param>
internal sealed record SubmissionOrigin(IPAddress Address, string HelloName, bool IsExtended, TlsParameters? Tls, bool IsAuthenticated);
