using System.Text;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Dsn;

/// <summary>The part that gives the message back, whole or its header alone, octet for octet.</summary>
internal static class DsnOriginalPart
{
    // rfc3461#4.3: RET is about failures; any other report returns the header only.
    public static bool ReturnsAll(DsnReport report) =>
        report.Return == DsnReturn.Full && report.Original.Length <= DsnWriter.MaxReturned
        && report.Recipients.Any(r => r.Action == DsnAction.Failed);

    public static MimePart Write(DsnReport report, bool utf8)
    {
        var header = HeaderOf(report.Original);
        var all = ReturnsAll(report);
        // rfc6533#6: a header in UTF-8 is of the global types, which only a recipient that takes UTF-8 knows.
        var global = utf8 && !Ascii.IsValid(header.Span);
        var content = all ? report.Original : header;
        var type = (all, global) switch
        {
            (true, true) => "message/global",
            (true, false) => "message/rfc822",
            (false, true) => "message/global-headers",
            (false, false) => "text/rfc822-headers",
        };
        // rfc2046#5.2.1: a message is never encoded, so its octets must be labelled as what they are.
        var encoding = Ascii.IsValid(content.Span) ? MimePart.SevenBit : MimePart.EightBit;
        return new MimePart(type, all ? "Your message" : "Header of your message", encoding, content);
    }

    /// <summary>Up to the empty line, which is left out; what is longer than a report may return is cut behind a line.</summary>
    private static ReadOnlyMemory<byte> HeaderOf(ReadOnlyMemory<byte> message)
    {
        if (message.Span.StartsWith("\r\n"u8)) return default;
        var end = message.Span.IndexOf("\r\n\r\n"u8);
        var header = end < 0 ? message : message[..(end + 2)];
        if (header.Length <= DsnWriter.MaxReturned) return header;
        header = header[..DsnWriter.MaxReturned];
        return header[..(header.Span.LastIndexOf("\r\n"u8) is >= 0 and var last ? last + 2 : 0)];
    }
}
