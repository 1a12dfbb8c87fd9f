using System.Collections.Frozen;
using Webcluster.Protocol.Smtp;
using Webcluster.Submission.Replies;
using static Webcluster.Submission.Replies.ServerReply;

namespace Webcluster.Submission.Sessions;

/// <summary>
/// What a command leads to: an action, and the reply where the action is to answer, to refuse, or to swallow a chunk and refuse.
/// </summary>
internal readonly record struct SessionStep(SessionAction Action, ServerReply Reply = Ok);

/// <summary>
/// The state machine of a session (RFC 5321 §4.1.4, §4.3.2; RFC 3030 §2; RFC 3207 §4; RFC 4954 §4).
/// </summary>
/// <remarks>
/// Normal path: Connected -EHLO→ Ready -MAIL→ Sender -RCPT→ Recipients -DATA→ Ready, or Recipients -BDAT→ Chunks -BDAT LAST→ Ready. An
/// accepted or refused message, RSET, EHLO and STARTTLS all end the transaction: to Ready, but STARTTLS to Connected. A step that is
/// refused leaves the state as it is. A refused BDAT still takes its chunk off the input: its octets are never read as commands.
/// </remarks>
internal static class SessionTable
{
    private static readonly SessionStep Hello = new(SessionAction.Hello);
    private static readonly SessionStep Mail = new(SessionAction.Mail);
    private static readonly SessionStep Recipient = new(SessionAction.Recipient);
    private static readonly SessionStep Data = new(SessionAction.Data);
    private static readonly SessionStep Chunk = new(SessionAction.Chunk);
    private static readonly SessionStep Reset = new(SessionAction.Reset);
    private static readonly SessionStep Quit = new(SessionAction.Quit);
    private static readonly SessionStep StartTls = new(SessionAction.StartTls);
    private static readonly SessionStep Auth = new(SessionAction.Auth);
    private static readonly SessionStep Unknown = new(SessionAction.Unknown);

    private static readonly FrozenDictionary<SmtpVerb, SessionStep[]> Rows = new Dictionary<SmtpVerb, SessionStep[]>
    {
        //                     Connected            Ready               Sender                 Recipients           Chunks
        [SmtpVerb.Helo] =     [Hello,               Hello,              Hello,                 Hello,               Hello],
        [SmtpVerb.Ehlo] =     [Hello,               Hello,              Hello,                 Hello,               Hello],
        [SmtpVerb.Mail] =     [No(HelloFirst),      Mail,               No(NestedMail),        No(NestedMail),      No(ChunksBegun)],
        [SmtpVerb.Rcpt] =     [No(HelloFirst),      No(MailFirst),      Recipient,             Recipient,           No(ChunksBegun)],
        [SmtpVerb.Data] =     [No(HelloFirst),      No(MailFirst),      No(NoRecipients),      Data,                No(ChunksBegun)],
        [SmtpVerb.Bdat] =     [Swallow(HelloFirst), Swallow(MailFirst), Swallow(NoRecipients), Chunk,               Chunk],
        [SmtpVerb.Rset] =     [Reset,               Reset,              Reset,                 Reset,               Reset],
        [SmtpVerb.Noop] =     [Say(Ok),             Say(Ok),            Say(Ok),               Say(Ok),             Say(Ok)],
        [SmtpVerb.Quit] =     [Quit,                Quit,               Quit,                  Quit,                Quit],
        [SmtpVerb.Vrfy] =     [Say(CannotVerify),   Say(CannotVerify),  Say(CannotVerify),     Say(CannotVerify),   Say(CannotVerify)],
        [SmtpVerb.Expn] =     [No(NotImplemented),  No(NotImplemented), No(NotImplemented),    No(NotImplemented),  No(NotImplemented)],
        [SmtpVerb.Help] =     [Say(Help),           Say(Help),          Say(Help),             Say(Help),           Say(Help)],
        [SmtpVerb.StartTls] = [No(HelloFirst),      StartTls,           StartTls,              StartTls,            No(ChunksBegun)],
        [SmtpVerb.Auth] =     [No(HelloFirst),      Auth,               No(TransactionOpen),   No(TransactionOpen), No(ChunksBegun)],
        [SmtpVerb.Unknown] =  [Unknown,             Unknown,            Unknown,               Unknown,             Unknown],
    }.ToFrozenDictionary();

    public static SessionStep Find(SessionState state, SmtpVerb verb) => Rows[verb][(int)state];

    /// <summary>Commands that bring no message nearer; only so many are taken between two messages.</summary>
    public static bool IsJunk(SmtpVerb verb) => verb is SmtpVerb.Helo or SmtpVerb.Ehlo or SmtpVerb.Noop or SmtpVerb.Rset or SmtpVerb.Vrfy
        or SmtpVerb.Expn or SmtpVerb.Help or SmtpVerb.Unknown;

    private static SessionStep Say(ServerReply reply) => new(SessionAction.Answer, reply);

    private static SessionStep No(ServerReply reply) => new(SessionAction.Refuse, reply);

    private static SessionStep Swallow(ServerReply reply) => new(SessionAction.SwallowChunk, reply);
}
