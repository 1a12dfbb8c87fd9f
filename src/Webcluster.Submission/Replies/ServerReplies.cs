using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Submission.Replies;

/// <summary>
/// The texts of all replies, one row each, encoded once. Enhanced codes stand on 2xx, 4xx and 5xx (RFC 2034), never on 3xx. A reply that
/// closes is the last of its session.
/// </summary>
internal static class ServerReplies
{
    private static readonly ImmutableArray<Row> Rows =
    [
        new(ServerReply.Ok, 250, "2.0.0", "Ok"),
        new(ServerReply.SenderOk, 250, "2.1.0", "Ok"),
        new(ServerReply.RecipientOk, 250, "2.1.5", "Ok"),
        new(ServerReply.ChunkOk, 250, "2.0.0", "Chunk received"),
        new(ServerReply.StartContent, 354, "", "End data with <CR><LF>.<CR><LF>"),
        new(ServerReply.StartTls, 220, "2.0.0", "Ready to start TLS"),
        new(ServerReply.Bye, 221, "2.0.0", "Bye", Closes: true),
        new(ServerReply.Authenticated, 235, "2.7.0", "Authentication successful"),
        new(ServerReply.AuthChallenge, 334, "", ""),
        new(ServerReply.AskUserName, 334, "", "VXNlcm5hbWU6"),
        new(ServerReply.AskPassword, 334, "", "UGFzc3dvcmQ6"),
        new(ServerReply.CannotVerify, 252, "2.0.0", "Cannot verify users; send the mail and see"),
        new(ServerReply.Help, 214, "2.0.0", "See RFC 5321 and RFC 6409"),

        new(ServerReply.UnknownCommand, 500, "5.5.1", "Command not recognized"),
        new(ServerReply.NotImplemented, 502, "5.5.1", "Command not implemented"),
        new(ServerReply.NotSmtp, 500, "5.5.1", "This is a mail server and speaks SMTP only", Closes: true),
        new(ServerReply.SyntaxError, 501, "5.5.2", "Syntax error"),
        new(ServerReply.ControlCharacter, 501, "5.5.2", "Control character in command; lines end in CR LF"),
        new(ServerReply.InvalidUtf8, 501, "5.5.2", "Invalid UTF-8"),
        new(ServerReply.LineTooLong, 500, "5.5.2", "Line too long", Closes: true),
        new(ServerReply.UnexpectedParameters, 501, "5.5.4", "No parameters allowed"),
        new(ServerReply.InvalidParameter, 501, "5.5.4", "Invalid parameter value"),
        new(ServerReply.DuplicateParameter, 501, "5.5.4", "Parameter given twice"),
        new(ServerReply.UnknownParameter, 555, "5.5.4", "Parameter not recognized"),
        new(ServerReply.InvalidReversePath, 501, "5.1.7", "Invalid sender address"),
        new(ServerReply.InvalidForwardPath, 501, "5.1.3", "Invalid recipient address"),
        new(ServerReply.Utf8NotDeclared, 553, "5.6.7", "Address needs SMTPUTF8 on MAIL"),
        new(ServerReply.InvalidChunkSize, 501, "5.5.4", "Invalid chunk size; what follows cannot be told from commands", Closes: true),

        new(ServerReply.HelloFirst, 503, "5.5.1", "Send EHLO first"),
        new(ServerReply.MailFirst, 503, "5.5.1", "Send MAIL first"),
        new(ServerReply.NestedMail, 503, "5.5.1", "Sender already given"),
        new(ServerReply.NoRecipients, 554, "5.5.1", "No valid recipients"),
        new(ServerReply.ChunksBegun, 503, "5.5.1", "Only BDAT or RSET once BDAT was begun"),
        new(ServerReply.TransactionOpen, 503, "5.5.1", "Not during a mail transaction"),
        new(ServerReply.AlreadyAuthenticated, 503, "5.5.1", "Already authenticated"),
        new(ServerReply.TlsActive, 503, "5.5.1", "TLS already active"),
        new(ServerReply.TlsUnavailable, 454, "4.7.0", "TLS not available at present"),
        new(ServerReply.InputBehindStartTls, 554, "5.5.0", "Input behind STARTTLS", Closes: true),

        new(ServerReply.EncryptionRequired, 538, "5.7.11", "Encryption required for authentication"),
        new(ServerReply.StartTlsFirst, 530, "5.7.0", "Must issue a STARTTLS command first"),
        new(ServerReply.AuthRequired, 530, "5.7.0", "Authentication required"),
        new(ServerReply.UnknownMechanism, 504, "5.5.4", "Authentication mechanism not supported"),
        new(ServerReply.AuthCancelled, 501, "5.7.0", "Authentication cancelled"),
        new(ServerReply.AuthNotBase64, 501, "5.5.2", "Invalid base64 or credentials"),
        new(ServerReply.AuthTooLong, 500, "5.5.6", "Authentication exchange line too long", Closes: true),
        new(ServerReply.AuthFailed, 535, "5.7.8", "Authentication failed"),
        new(ServerReply.AuthOverloaded, 454, "4.7.0", "Too many authentications at once; try again"),
        new(ServerReply.UsersUnknown, 454, "4.7.0", "Users cannot be looked up now; try again later"),
        new(ServerReply.TooManyAuthFailures, 421, "4.7.0", "Too many failed authentications; try again later", Closes: true),
        new(ServerReply.UserChanged, 421, "4.7.0", "User removed or password changed; authenticate again", Closes: true),
        new(ServerReply.SenderNotAllowed, 550, "5.7.1", "Sender address not allowed for this user"),
        new(ServerReply.AuthorNotAllowed, 550, "5.7.1", "From address not allowed for this user"),

        new(ServerReply.TooManyRecipients, 452, "4.5.3", "Too many recipients; send the rest in another transaction"),
        new(ServerReply.ForbiddenRecipient, 550, "5.7.1", "Recipient's network not allowed"),
        new(ServerReply.RecipientWithoutDomain, 550, "5.1.2", "Recipient has no domain"),
        new(ServerReply.RecipientSuppressed, 550, "5.1.1", "Recipient is on the suppression list; mail to it is not sent"),
        new(ServerReply.SuppressionUnknown, 451, "4.3.0", "Suppression list not available; try again later"),
        new(ServerReply.NoRelay, 550, "5.7.1", "This server takes reports about its own mail and nothing else"),
        new(ServerReply.UnknownReturnPath, 550, "5.1.1", "No mail was sent with this return path, or too long ago"),

        new(ServerReply.MessageTooLarge, 552, "5.3.4", "Message too large"),
        new(ServerReply.TooMuchInFlight, 452, "4.3.1", "Too much mail in flight; try again"),
        new(ServerReply.BareLineEnd, 550, "5.6.0", "Message has a bare CR or LF; lines end in CR LF"),
        new(ServerReply.NulInContent, 550, "5.6.0", "Message has a NUL octet"),
        new(ServerReply.TextLineTooLong, 550, "5.6.0", "Message has a line of more than 998 octets"),
        new(ServerReply.HeaderTooLarge, 552, "5.3.4", "Message header too large"),
        new(ServerReply.HeaderMalformed, 550, "5.6.0", "Message header has a line that is no field"),
        new(ServerReply.SeveralAuthors, 550, "5.6.0", "Message has more than one From field"),
        new(ServerReply.NoAuthor, 550, "5.6.0", "Message has no From field"),
        new(ServerReply.TooManyHops, 554, "5.4.6", "Too many hops; mail loop suspected"),

        new(ServerReply.UnknownLink, 550, "5.7.1", "The subject is no valid link for unsubscribing"),
        new(ServerReply.TooMuchFromAddress, 451, "4.7.0", "Too much mail from your address; try again later"),

        new(ServerReply.StoreFull, 452, "4.3.1", "Queue full; try again later"),
        new(ServerReply.StoreUnavailable, 451, "4.3.0", "Queue not available; try again later"),

        new(ServerReply.IdleTimeout, 421, "4.4.2", "Timed out waiting for a command", Closes: true),
        new(ServerReply.ContentTimeout, 421, "4.4.2", "Timed out waiting for message content", Closes: true),
        new(ServerReply.TooManyErrors, 421, "4.7.0", "Too many errors", Closes: true),
        new(ServerReply.TooManyCommands, 421, "4.7.0", "Too many commands without a message", Closes: true),
        new(ServerReply.TooManyChunks, 421, "4.7.0", "Too many chunks", Closes: true),
        new(ServerReply.TooManyConnections, 421, "4.3.2", "Too many connections", Closes: true),
        new(ServerReply.TooManyConnectionsFromAddress, 421, "4.7.0", "Too many connections from your address", Closes: true),
        new(ServerReply.ShuttingDown, 421, "4.3.2", "Shutting down; try again", Closes: true),
        new(ServerReply.InternalError, 421, "4.3.0", "Internal error; try again later", Closes: true),
    ];

    private static readonly ImmutableArray<Entry> Entries =
        [.. Enum.GetValues<ServerReply>().Select(reply => Entry.From(Rows.Single(row => row.Reply == reply)))];

    /// <summary>The reply as it goes out, CRLF included.</summary>
    public static ReadOnlySpan<byte> Bytes(ServerReply reply) => Entries[(int)reply].Bytes;

    public static int Code(ServerReply reply) => Entries[(int)reply].Code;

    /// <summary>The code as a label value.</summary>
    public static string CodeText(ServerReply reply) => Entries[(int)reply].CodeText;

    public static bool Closes(ServerReply reply) => Entries[(int)reply].Closes;

    public static ServerReply For(CommandProblem problem, SmtpVerb verb) => problem switch
    {
        // Whatever is wrong with it, its chunk follows.
        _ when verb == SmtpVerb.Bdat => ServerReply.InvalidChunkSize,
        CommandProblem.Syntax => ServerReply.SyntaxError,
        CommandProblem.UnexpectedParameters => ServerReply.UnexpectedParameters,
        CommandProblem.InvalidReversePath => ServerReply.InvalidReversePath,
        CommandProblem.InvalidForwardPath => ServerReply.InvalidForwardPath,
        CommandProblem.PathTooLong => verb == SmtpVerb.Rcpt ? ServerReply.InvalidForwardPath : ServerReply.InvalidReversePath,
        CommandProblem.InvalidUtf8 => ServerReply.InvalidUtf8,
        CommandProblem.Utf8NotDeclared => ServerReply.Utf8NotDeclared,
        CommandProblem.InvalidParameterValue => ServerReply.InvalidParameter,
        CommandProblem.DuplicateParameter => ServerReply.DuplicateParameter,
        CommandProblem.UnknownParameter => ServerReply.UnknownParameter,
        CommandProblem.ControlCharacter => ServerReply.ControlCharacter,
        CommandProblem.UnknownMechanism => ServerReply.UnknownMechanism,
        CommandProblem.InvalidChunkSize => ServerReply.InvalidChunkSize,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private sealed record Row(ServerReply Reply, int Code, string Enhanced, string Text, bool Closes = false);

    private sealed record Entry(byte[] Bytes, int Code, string CodeText, bool Closes)
    {
        public static Entry From(Row row)
        {
            var line = row.Enhanced.Length == 0 ? $"{row.Code} {row.Text}\r\n" : $"{row.Code} {row.Enhanced} {row.Text}\r\n";
            return new Entry(Encoding.ASCII.GetBytes(line), row.Code, row.Code.ToString(CultureInfo.InvariantCulture), row.Closes);
        }
    }
}
