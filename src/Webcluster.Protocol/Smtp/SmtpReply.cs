namespace Webcluster.Protocol.Smtp;

/// <summary>
/// A whole reply of a server (RFC 5321 §4.2): its code, its enhanced code where it gave one, and its lines without code and
/// enhanced code. Lines are escaped for display: no control characters, so they can stand in a log, a DSN or a metric.
/// </summary>
public sealed record SmtpReply(int Code, EnhancedCode Enhanced, IReadOnlyList<string> Lines)
{
    public SmtpReply(int code, EnhancedCode enhanced, string text) : this(code, enhanced, [text]) { }

    // rfc5321#4.2.1: the first digit alone says good, temporary or permanent, whatever the enhanced code claims.
    public bool IsPositive => Code is >= 200 and < 300;
    public bool IsIntermediate => Code is >= 300 and < 400;
    public bool IsTransient => Code is >= 400 and < 500;
    public bool IsPermanent => Code is >= 500 and < 600;

    /// <summary>All lines joined by a space.</summary>
    public string Text => Lines.Count == 1 ? Lines[0] : string.Join(' ', Lines);

    /// <summary>One line as an operator greps it: "550 5.1.1 no such user".</summary>
    public override string ToString() => Enhanced.IsNone ? $"{Code} {Text}" : $"{Code} {Enhanced} {Text}";
}
