using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Unicode;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Smtp;

/// <summary>Parses one command line of a client (RFC 5321 §4.1). Pure; never throws; unknown verbs and bad syntax are values.</summary>
public static class CommandParser
{
    private const int MaxHelloName = 255;
    private const int MaxMechanism = 20;
    private const string UnknownName = "unknown";

    // Letters, digits and what may stand in an atom or a literal: real clients name themselves with "_"; nothing here can leave a Received
    // field.
    private static readonly SearchValues<byte> HelloText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]!#$%&'*+/=?^`{|}~"u8);

    private static readonly SearchValues<byte> MechanismText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    private static readonly SearchValues<byte> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(value => (byte)value), 0x7F]);

    /// <param name="line">The line without its CRLF. The caller has bounded its length.</param>
    public static SmtpCommand Parse(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        var verb = Identify(space < 0 ? line : line[..space]);
        if (verb == SmtpVerb.Unknown) return new SmtpCommand.Simple(verb);
        if (line.ContainsAny(Controls)) return new SmtpCommand.Malformed(verb, CommandProblem.ControlCharacter);
        var argument = space < 0 ? [] : line[space..].Trim((byte)' ');
        if (verb is SmtpVerb.Helo or SmtpVerb.Ehlo) return ParseHello(verb, argument);
        if (!Utf8.IsValid(line)) return new SmtpCommand.Malformed(verb, CommandProblem.InvalidUtf8);
        return verb switch
        {
            SmtpVerb.Mail => ParseMail(argument),
            SmtpVerb.Rcpt => ParseRecipient(argument),
            SmtpVerb.Bdat => ParseChunk(argument),
            SmtpVerb.Auth => ParseAuth(argument),
            SmtpVerb.Data or SmtpVerb.Rset or SmtpVerb.Quit or SmtpVerb.StartTls => argument.IsEmpty
                ? new SmtpCommand.Simple(verb)
                : new SmtpCommand.Malformed(verb, CommandProblem.UnexpectedParameters),
            SmtpVerb.Noop or SmtpVerb.Vrfy or SmtpVerb.Expn or SmtpVerb.Help or SmtpVerb.Unknown => new SmtpCommand.Simple(verb),
            _ => throw new UnreachableException(),
        };
    }

    private static SmtpVerb Identify(ReadOnlySpan<byte> verb) => Keyword.Fold(verb, stackalloc char[Keyword.MaxLength]) switch
    {
        "HELO" => SmtpVerb.Helo,
        "EHLO" => SmtpVerb.Ehlo,
        "MAIL" => SmtpVerb.Mail,
        "RCPT" => SmtpVerb.Rcpt,
        "DATA" => SmtpVerb.Data,
        "BDAT" => SmtpVerb.Bdat,
        "RSET" => SmtpVerb.Rset,
        "NOOP" => SmtpVerb.Noop,
        "QUIT" => SmtpVerb.Quit,
        "VRFY" => SmtpVerb.Vrfy,
        "EXPN" => SmtpVerb.Expn,
        "HELP" => SmtpVerb.Help,
        "STARTTLS" => SmtpVerb.StartTls,
        "AUTH" => SmtpVerb.Auth,
        _ => SmtpVerb.Unknown,
    };

    // rfc5321#4.1.4: mail is not refused for the name. Where it cannot stand in a Received field, another does.
    private static SmtpCommand ParseHello(SmtpVerb verb, ReadOnlySpan<byte> name) => name.Length is > 0 and <= MaxHelloName
        ? new SmtpCommand.Hello(verb, name.ContainsAnyExcept(HelloText) ? UnknownName : Encoding.ASCII.GetString(name))
        : new SmtpCommand.Malformed(verb, CommandProblem.Syntax);

    // rfc5321#4.1.1.2
    private static SmtpCommand ParseMail(ReadOnlySpan<byte> argument)
    {
        if (!TryTakeLabel("FROM:"u8, ref argument)) return Refuse(CommandProblem.Syntax);
        switch (PathParser.Parse(argument, out var mailbox, out var length))
        {
            case PathStatus.TooLong:
                return Refuse(CommandProblem.PathTooLong);
            case PathStatus.Invalid or PathStatus.Postmaster:
                return Refuse(CommandProblem.InvalidReversePath);
        }

        if (MailParameterParser.Parse(argument[length..], out var parameters) is { } problem) return Refuse(problem);
        // rfc6531#3.4: also for a domain, which would go on as A-labels.
        if (!parameters.SmtpUtf8 && !Ascii.IsValid(argument[..length])) return Refuse(CommandProblem.Utf8NotDeclared);
        return new SmtpCommand.Mail(mailbox, parameters);

        static SmtpCommand Refuse(CommandProblem problem) => new SmtpCommand.Malformed(SmtpVerb.Mail, problem);
    }

    // rfc5321#4.1.1.3
    private static SmtpCommand ParseRecipient(ReadOnlySpan<byte> argument)
    {
        if (!TryTakeLabel("TO:"u8, ref argument)) return Refuse(CommandProblem.Syntax);
        var status = PathParser.Parse(argument, out var mailbox, out var length);
        if (status == PathStatus.TooLong) return Refuse(CommandProblem.PathTooLong);
        if (mailbox is null) return Refuse(CommandProblem.InvalidForwardPath);
        return RcptParameterParser.Parse(argument[length..], out var parameters) is { } problem
            ? Refuse(problem)
            : new SmtpCommand.Recipient(mailbox, parameters);

        static SmtpCommand Refuse(CommandProblem problem) => new SmtpCommand.Malformed(SmtpVerb.Rcpt, problem);
    }

    // Many clients write a space behind the colon. It is allowed: it cannot change which address is meant.
    private static bool TryTakeLabel(ReadOnlySpan<byte> label, ref ReadOnlySpan<byte> argument)
    {
        if (argument.Length < label.Length || !Ascii.EqualsIgnoreCase(argument[..label.Length], label)) return false;
        argument = argument[label.Length..].TrimStart((byte)' ');
        return true;
    }

    // rfc3030#2
    private static SmtpCommand ParseChunk(ReadOnlySpan<byte> argument)
    {
        var space = argument.IndexOf((byte)' ');
        var digits = space < 0 ? argument : argument[..space];
        var rest = argument[digits.Length..].TrimStart((byte)' ');
        var isLast = Ascii.EqualsIgnoreCase(rest, "LAST"u8);
        return digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !Utf8Parser.TryParse(digits, out long size, out _)
            || (!isLast && !rest.IsEmpty)
            ? new SmtpCommand.Malformed(SmtpVerb.Bdat, CommandProblem.InvalidChunkSize)
            : new SmtpCommand.Bdat(size, isLast);
    }

    // rfc4954#4
    private static SmtpCommand ParseAuth(ReadOnlySpan<byte> argument)
    {
        var space = argument.IndexOf((byte)' ');
        var mechanism = space < 0 ? argument : argument[..space];
        var response = argument[mechanism.Length..].TrimStart((byte)' ');
        if (mechanism.IsEmpty || response.Contains((byte)' ') || !Ascii.IsValid(response))
            return new SmtpCommand.Malformed(SmtpVerb.Auth, CommandProblem.Syntax);
        if (mechanism.Length > MaxMechanism || mechanism.ContainsAnyExcept(MechanismText))
            return new SmtpCommand.Malformed(SmtpVerb.Auth, CommandProblem.UnknownMechanism);
        var initial = response.IsEmpty ? null : response.SequenceEqual("="u8) ? "" : Encoding.ASCII.GetString(response);
        return new SmtpCommand.Auth(Encoding.ASCII.GetString(mechanism).ToUpperInvariant(), initial);
    }
}
