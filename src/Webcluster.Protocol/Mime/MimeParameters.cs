using System.Globalization;
using System.Text;

namespace Webcluster.Protocol.Mime;

/// <summary>
/// Parameters of a MIME field (RFC 2045 §5.1), with the continuations and character sets of RFC 2231. The first of a name counts.
/// </summary>
public sealed class MimeParameters
{
    private const int MaxParameters = 32;
    private const int MaxSections = 32;

    private readonly Dictionary<string, string> _values;

    private MimeParameters(Dictionary<string, string> values) => _values = values;

    public static MimeParameters None { get; } = new([]);

    public string? this[string name] => _values.GetValueOrDefault(name);

    public static MimeParameters Parse(string text)
    {
        var raw = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var at = 0;
        while (at < text.Length && raw.Count < MaxParameters)
        {
            var equals = text.IndexOfAny(['=', ';'], at);
            if (equals < 0) break;
            var name = text[at..equals].Trim();
            at = equals + 1;
            if (text[equals] == ';') continue;
            var value = ReadValue(text, ref at);
            if (name.Length > 0) raw.TryAdd(name, value);
        }

        return raw.Count == 0 ? None : new MimeParameters(Join(raw));
    }

    private static string ReadValue(string text, ref int at)
    {
        while (at < text.Length && (text[at] is ' ' or '\t')) at++;
        if (at < text.Length && text[at] == '"') return ReadQuoted(text, ref at);
        var end = text.IndexOf(';', at);
        if (end < 0) end = text.Length;
        var value = text[at..end].Trim();
        at = Math.Min(text.Length, end + 1);
        return value;
    }

    private static string ReadQuoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length) at++;
            value.Append(text[at]);
        }

        var end = at < text.Length ? text.IndexOf(';', at) : -1;
        at = end < 0 ? text.Length : end + 1;
        return value.ToString();
    }

    // rfc2231#3 and rfc2231#4: name*0, name*1*, name*.
    private static Dictionary<string, string> Join(Dictionary<string, string> raw)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in raw)
            if (!name.Contains('*', StringComparison.Ordinal)) values.TryAdd(name, value);
        foreach (var (name, value) in raw)
        {
            var star = name.IndexOf('*', StringComparison.Ordinal);
            if (star <= 0) continue;
            var plain = name[..star];
            if (name[star..] == "*") values[plain] = Extended(value);
            else if (name[star..] is "*0" or "*0*") values[plain] = Sections(raw, plain);
        }

        return values;
    }

    private static string Sections(Dictionary<string, string> raw, string name)
    {
        var joined = new StringBuilder();
        var extended = false;
        for (var section = 0; section < MaxSections; section++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{name}*{section}");
            if (raw.TryGetValue(key, out var plain)) joined.Append(plain);
            else if (raw.TryGetValue(key + "*", out var coded))
            {
                joined.Append(coded);
                extended = true;
            }
            else break;
        }

        return extended ? Extended(joined.ToString()) : joined.ToString();
    }

    // charset'language'percent-encoded text.
    private static string Extended(string value)
    {
        var parts = value.Split('\'', 3);
        var coded = parts.Length == 3 ? parts[2] : value;
        var octets = Encoding.Latin1.GetBytes(coded);
        octets.AsSpan().Replace((byte)'%', (byte)'=');
        return Charset.Decode(TransferEncoding.DecodeQuotedPrintable(octets, octets.Length).Span, parts.Length == 3 ? parts[0] : null);
    }
}
