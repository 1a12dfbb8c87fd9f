using System.Collections.Frozen;
using Webcluster.Protocol.Smtp;
using Webcluster.Submission.Replies;

namespace Webcluster.Submission.Sessions;

/// <summary>What a command leads to: an action, and the reply where the action is to answer, to refuse, or to swallow a chunk and refuse.</summary>
internal readonly record struct SessionStep(SessionAction Action, ServerReply Reply = ServerReply.Ok);

/// <summary>
/// The state machine of a session (RFC 5321 §4.1.4, §4.3.2; RFC 3030 §2; RFC 3207 §4; RFC 4954 §4).
/// </summary>
/// <remarks>
/// Normal path: Connected -EHLO→ Ready -MAIL→ Sender -RCPT→ Recipients -DATA→ Ready, or Recipients -BDAT→ Chunks -BDAT LAST→ Ready. An accepted
/// or refused message, RSET, EHLO and STARTTLS all end the transaction: to Ready, but STARTTLS to Connected. A step that is refused leaves the
/// state as it is. A refused BDAT still takes its chunk off the input: its octets are never read as commands.
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
        //                      Connected                       Ready                          Sender                           Recipients                       Chunks
        [SmtpVerb.Helo] =     [Hello,                          Hello,                         Hello,                           Hello,                           Hello],
        [SmtpVerb.Ehlo] =     [Hello,                          Hello,                         Hello,                           Hello,                           Hello],
        [SmtpVerb.Mail] =     [No(ServerReply.HelloFirst),     Mail,                          No(ServerReply.NestedMail),      No(ServerReply.NestedMail),      No(ServerReply.ChunksBegun)],
        [SmtpVerb.Rcpt] =     [No(ServerReply.HelloFirst),     No(ServerReply.MailFirst),     Recipient,                       Recipient,                       No(ServerReply.ChunksBegun)],
        [SmtpVerb.Data] =     [No(ServerReply.HelloFirst),     No(ServerReply.MailFirst),     No(ServerReply.NoRecipients),    Data,                            No(ServerReply.ChunksBegun)],
        [SmtpVerb.Bdat] =     [Swallow(ServerReply.HelloFirst), Swallow(ServerReply.MailFirst), Swallow(ServerReply.NoRecipients), Chunk,                       Chunk],
        [SmtpVerb.Rset] =     [Reset,                          Reset,                         Reset,                           Reset,                           Reset],
        [SmtpVerb.Noop] =     [Say(ServerReply.Ok),            Say(ServerReply.Ok),           Say(ServerReply.Ok),             Say(ServerReply.Ok),             Say(ServerReply.Ok)],
        [SmtpVerb.Quit] =     [Quit,                           Quit,                          Quit,                            Quit,                            Quit],
        [SmtpVerb.Vrfy] =     [Say(ServerReply.CannotVerify),  Say(ServerReply.CannotVerify), Say(ServerReply.CannotVerify),   Say(ServerReply.CannotVerify),   Say(ServerReply.CannotVerify)],
        [SmtpVerb.Expn] =     [No(ServerReply.NotImplemented), No(ServerReply.NotImplemented), No(ServerReply.NotImplemented), No(ServerReply.NotImplemented),  No(ServerReply.NotImplemented)],
        [SmtpVerb.Help] =     [Say(ServerReply.Help),          Say(ServerReply.Help),         Say(ServerReply.Help),           Say(ServerReply.Help),           Say(ServerReply.Help)],
        [SmtpVerb.StartTls] = [No(ServerReply.HelloFirst),     StartTls,                      StartTls,                        StartTls,                        No(ServerReply.ChunksBegun)],
        [SmtpVerb.Auth] =     [No(ServerReply.HelloFirst),     Auth,                          No(ServerReply.TransactionOpen), No(ServerReply.TransactionOpen), No(ServerReply.ChunksBegun)],
        [SmtpVerb.Unknown] =  [Unknown,                        Unknown,                       Unknown,                         Unknown,                         Unknown],
    }.ToFrozenDictionary();

    public static SessionStep Find(SessionState state, SmtpVerb verb) => Rows[verb][(int)state];

    /// <summary>Commands that bring no message nearer; only so many are taken between two messages.</summary>
    public static bool IsJunk(SmtpVerb verb) => verb
        is SmtpVerb.Helo or SmtpVerb.Ehlo or SmtpVerb.Noop or SmtpVerb.Rset or SmtpVerb.Vrfy or SmtpVerb.Expn or SmtpVerb.Help or SmtpVerb.Unknown;

    private static SessionStep Say(ServerReply reply) => new(SessionAction.Answer, reply);

    private static SessionStep No(ServerReply reply) => new(SessionAction.Refuse, reply);

    private static SessionStep Swallow(ServerReply reply) => new(SessionAction.SwallowChunk, reply);
}
