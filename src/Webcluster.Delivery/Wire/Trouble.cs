using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Wire;

/// <summary>What went wrong with a connection.</summary>
public enum TroubleKind
{
    /// <summary>The server answered and the answer ends the connection's use: 421 anywhere, any refusal before MAIL.</summary>
    Refused,
    TimedOut,
    ConnectionLost,

    /// <summary>What came was no SMTP reply, or more than was asked for.</summary>
    ProtocolError,

    /// <summary>The connection lacks the TLS its policy asks for.</summary>
    TlsUnavailable,

    /// <summary>The handshake came to a bad end: no version in common, an alert, octets that are no TLS, a certificate that will not do.
    /// A network that cuts it, or silence, is not that.</summary>
    TlsFailed,

    /// <summary>No connection came about, or no address could be learned.</summary>
    Unreachable,

    /// <summary>DNS says for certain that no host of the destination has an address that may be used; waiting changes nothing.</summary>
    NoUsableAddress,

    /// <summary>The source has no such address here, its proxy fails, or this node has no sockets left: nothing was asked of the site,
    /// another source may reach it.</summary>
    SourceUnusable,

    /// <summary>The site has addresses, but none of a family that the source has: another source may reach it.</summary>
    OutOfReach,

    /// <summary>This node may not send any more: its lease is stale or it is stopping.</summary>
    Abandoned,
}

/// <summary>A connection that is of no further use: where, why, and the server's words where it had some.</summary>
public sealed record Trouble(Stage Stage, TroubleKind Kind, string Detail, SmtpReply? Reply = null)
{
    internal static Trouble Stopping { get; } = new(Stage.Connect, TroubleKind.Abandoned, "the node is stopping");

    /// <summary>It says nothing about the site: what was to be sent is as it was.</summary>
    internal bool IsOurs => Kind is TroubleKind.Abandoned or TroubleKind.SourceUnusable;

    /// <summary>One line for logs, trails and DSNs.</summary>
    public string Describe() => $"{Reply?.ToString() ?? Detail} (while {StageText.Of(Stage)}{(IsInDoubt ? InDoubt : "")})";

    // Postfix's words, because operators grep them.
    private const string InDoubt = " -- message may be sent more than once";

    // rfc5321#4.5.4.1: without a reply to the final dot the server may have taken the message.
    private bool IsInDoubt => Stage == Stage.FinalDot && Reply is null;
}
