using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Webcluster.Protocol.Units;

/// <summary>A date as mail headers write it (RFC 5322 §3.3): "Sun, 22 Nov 2026 02:34:00 +0000", in the offset of the value.</summary>
public readonly record struct MailDate(DateTimeOffset Value) : IUtf8SpanFormattable
{
    private const int Length = 31;
    private const int ZoneLength = 5;

    public static string Format(DateTimeOffset date) => new MailDate(date).ToString();

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[Length];
        TryFormat(text, out var written, default, null);
        return Encoding.ASCII.GetString(text[..written]);
    }

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        bytesWritten = 0;
        // rfc5322#3.3: "R" is this form but for its end, "GMT". The zone is four digits without a colon.
        if (utf8Destination.Length < Length || !Value.DateTime.TryFormat(utf8Destination, out _, "R", CultureInfo.InvariantCulture))
            return false;
        var offset = Value.Offset;
        var sign = offset < TimeSpan.Zero ? '-' : '+';
        bytesWritten = Length;
        return Utf8.TryWrite(utf8Destination[(Length - ZoneLength)..], $"{sign}{offset:hhmm}", out _);
    }
}
