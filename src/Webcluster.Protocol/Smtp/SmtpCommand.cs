using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Smtp;

/// <summary>The commands this project knows. A name it does not know is <see cref="Unknown"/>.</summary>
public enum SmtpVerb { Unknown, Helo, Ehlo, Mail, Rcpt, Data, Bdat, Rset, Noop, Quit, Vrfy, Expn, Help, StartTls, Auth }

/// <summary>One parsed command line of a client: exactly one of the nested records.</summary>
public abstract record SmtpCommand(SmtpVerb Verb)
{
    /// <summary>HELO or EHLO. <paramref name="Name"/>: the domain or address literal as given, ASCII, at most 255 characters.</summary>
    public sealed record Hello(SmtpVerb Verb, string Name) : SmtpCommand(Verb);

    /// <summary>MAIL FROM. A null <paramref name="ReversePath"/> is the null reverse-path &lt;&gt;.</summary>
    public sealed record Mail(Mailbox? ReversePath, MailParameters Parameters) : SmtpCommand(SmtpVerb.Mail);

    /// <summary>RCPT TO. "&lt;Postmaster&gt;" without a domain has the empty domain.</summary>
    public sealed record Recipient(Mailbox ForwardPath, RcptParameters Parameters) : SmtpCommand(SmtpVerb.Rcpt);

    public sealed record Bdat(long Size, bool Last) : SmtpCommand(SmtpVerb.Bdat);

    /// <summary>AUTH. <paramref name="InitialResponse"/> is still base64; null where none was given ("=" means empty, and is "").</summary>
    public sealed record Auth(string Mechanism, string? InitialResponse) : SmtpCommand(SmtpVerb.Auth);

    /// <summary>DATA, RSET, NOOP, QUIT, VRFY, EXPN, HELP, STARTTLS, or a name that is not known: nothing further matters.</summary>
    public sealed record Simple(SmtpVerb Verb) : SmtpCommand(Verb);

    public sealed record Malformed(SmtpVerb Verb, CommandProblem Problem) : SmtpCommand(Verb);
}

/// <summary>Why a command line was refused. The texts stand in the server's reply table.</summary>
public enum CommandProblem
{
    Syntax,
    UnexpectedParameters,
    InvalidReversePath,
    InvalidForwardPath,
    PathTooLong,
    InvalidUtf8,
    Utf8NotDeclared,
    InvalidParameterValue,
    DuplicateParameter,
    UnknownParameter,
    ControlCharacter,
    UnknownMechanism,
    InvalidChunkSize,
}

public enum MailBody { SevenBit, EightBitMime }

/// <summary>What a DSN returns of the message (RFC 3461 §4.3). Not given: the writer's choice.</summary>
public enum DsnReturn : byte { NotGiven, Full, Headers }

/// <summary>When the sender wants a DSN (RFC 3461 §4.1). Not given means failure and delay, as the RFC recommends.</summary>
[Flags]
public enum DsnNotify : byte { NotGiven = 0, Never = 1, Success = 2, Failure = 4, Delay = 8 }

/// <summary>
/// Parameters of MAIL. <paramref name="Size"/> in octets, null where not given; <paramref name="EnvelopeId"/> decoded from xtext.
/// </summary>
/// <param name="AuthorizedSubmitter">AUTH= (RFC 4954 §5), decoded; it is accepted and not used.</param>
public sealed record MailParameters(long? Size, MailBody Body, bool SmtpUtf8, DsnReturn Return, string? EnvelopeId,
    string? AuthorizedSubmitter)
{
    /// <summary>The message must not travel without TLS to servers that are known (RFC 8689).</summary>
    public bool RequireTls { get; init; }

    public static MailParameters None { get; } = new(null, MailBody.SevenBit, false, DsnReturn.NotGiven, null, null);
}

/// <summary>
/// Parameters of RCPT. <paramref name="OriginalRecipient"/>: "type;address", address decoded from xtext or utf-8-addr-xtext.
/// </summary>
public sealed record RcptParameters(DsnNotify Notify, string? OriginalRecipient)
{
    public static RcptParameters None { get; } = new(DsnNotify.NotGiven, null);
}
