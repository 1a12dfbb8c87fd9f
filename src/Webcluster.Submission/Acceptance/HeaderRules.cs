using System.Text;
using Webcluster.Protocol.Headers;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Replies;
using Webcluster.Submission.Unsubscribing;

namespace Webcluster.Submission.Acceptance;

/// <summary>
/// What is asked of a message's header. A message without any field is taken for a body without a header, which is mended with an empty
/// line; a header that breaks off, in the middle or at its first line, is not mended, because nobody knows what was meant.
/// </summary>
internal static class HeaderRules
{
    // rfc5321#6.3
    private const int MaxHops = 100;

    // So many are looked at; fewer are kept.
    private const int MaxTagTexts = 4 * MessageTags.Most;

    private static readonly char[] BetweenTags = [',', ' ', '\t', '\r', '\n'];

    public static ServerReply? Check(HeaderBlock header)
    {
        const HeaderDefects tooLarge = HeaderDefects.TooManyFields | HeaderDefects.BlockTooLarge;
        if ((header.Defects & tooLarge) != HeaderDefects.None) return ServerReply.HeaderTooLarge;
        if ((header.Defects & HeaderDefects.FirstLineIsContinuation) != HeaderDefects.None) return ServerReply.HeaderMalformed;
        if (header.Defects != HeaderDefects.None && header.Fields.Length > 0) return ServerReply.HeaderMalformed;
        if (IsHeaderless(header) && BrokenHeader.Is(header.Message.Span)) return ServerReply.HeaderMalformed;
        if (header.Count("From"u8) > 1) return ServerReply.SeveralAuthors; // rfc5322#3.6
        return header.Count("Received"u8) > MaxHops ? ServerReply.TooManyHops : null;
    }

    /// <summary>The content begins with a line that is no field: all of it is body.</summary>
    public static bool IsHeaderless(HeaderBlock header) => header.Fields.Length == 0 && header.BodyOffset == 0;

    /// <summary>Fields that are for this server alone, and Bcc, which recipients must not see (RFC 5322 §3.6.3).</summary>
    public static bool IsStripped(HeaderBlock header, in HeaderField field) =>
        header.Is(field, "Bcc"u8) || header.Is(field, "Resent-Bcc"u8)
        || (field.NameLength > 5 && Ascii.EqualsIgnoreCase(header.Message.Span.Slice(field.Start, 5), "X-WC-"u8));

    /// <summary>The class a message asks for in X-WC-Class; null where it asks for none that exists.</summary>
    public static MailClass? RequestedClass(HeaderBlock header) =>
        header.FirstValue("X-WC-Class"u8) is { } text && CredentialText.TryParseClass(text, out var requested) ? requested : null;

    /// <summary>The pool a message asks for in X-WC-Pool; null where it names none.</summary>
    public static string? RequestedPool(HeaderBlock header) =>
        header.FirstValue("X-WC-Pool"u8) is { } name && PoolName.IsName(name) ? name : null;

    /// <summary>What the sender calls the message in X-WC-Tag fields, separated by commas; what is no tag is passed over.</summary>
    public static MessageTags Tags(HeaderBlock header)
    {
        if (header.Count("X-WC-Tag"u8) == 0) return default;
        var texts = new List<string>();
        foreach (var field in header.Fields)
            if (texts.Count < MaxTagTexts && header.Is(field, "X-WC-Tag"u8))
                texts.AddRange(Encoding.UTF8.GetString(header.Value(field))
                    .Split(BetweenTags, MaxTagTexts, StringSplitOptions.RemoveEmptyEntries));
        return MessageTags.Of(texts);
    }

    /// <summary>Whether a message wants links by which its recipient gets no more mail, in X-WC-Unsubscribe.</summary>
    public static UnsubscribeWish UnsubscribeWish(HeaderBlock header) =>
        Unsubscribing.UnsubscribeWish.Of(header.FirstValue("X-WC-Unsubscribe"u8));

    // rfc8689#5: the parameter of MAIL wins over the field that says the contrary.
    public static TlsWish TlsWish(HeaderBlock header, MailParameters parameters)
    {
        if (parameters.RequireTls) return Queue.Messages.TlsWish.Required;
        var isRelaxed = header.FirstValue("TLS-Required"u8) is { } text && text.Trim().Equals("No", StringComparison.OrdinalIgnoreCase);
        return isRelaxed ? Queue.Messages.TlsWish.Relaxed : Queue.Messages.TlsWish.Usual;
    }

    /// <summary>The message without the stripped fields; the same one where it has none.</summary>
    public static HeaderBlock Strip(HeaderBlock header)
    {
        var length = header.Message.Length;
        foreach (var field in header.Fields)
            if (IsStripped(header, field)) length -= field.End - field.Start;
        if (length == header.Message.Length) return header;

        var stripped = new byte[length];
        var message = header.Message.Span;
        var at = 0;
        foreach (var field in header.Fields)
        {
            if (IsStripped(header, field)) continue;
            message[field.Start..field.End].CopyTo(stripped.AsSpan(at));
            at += field.End - field.Start;
        }

        message[header.HeaderLength..].CopyTo(stripped.AsSpan(at));
        return HeaderBlock.Scan(stripped);
    }

    /// <summary>The content behind an empty line, so that fields can stand before it.</summary>
    public static HeaderBlock MakeBody(ReadOnlyMemory<byte> content)
    {
        var message = new byte[content.Length + 2];
        "\r\n"u8.CopyTo(message);
        content.Span.CopyTo(message.AsSpan(2));
        return HeaderBlock.Scan(message);
    }
}
