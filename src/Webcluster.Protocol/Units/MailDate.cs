using System.Globalization;

namespace Webcluster.Protocol.Units;

/// <summary>Dates as mail headers write them (RFC 5322 §3.3): "Sun, 22 Nov 2026 02:34:00 +0000", in the offset of the value.</summary>
public static class MailDate
{
    public static string Format(DateTimeOffset date)
    {
        var offset = date.Offset;
        var sign = offset < TimeSpan.Zero ? '-' : '+';
        // rfc5322#3.3: the zone is four digits without a colon, which no format specifier gives.
        return string.Create(CultureInfo.InvariantCulture, $"{date:ddd, dd MMM yyyy HH:mm:ss} {sign}{offset:hhmm}");
    }
}
