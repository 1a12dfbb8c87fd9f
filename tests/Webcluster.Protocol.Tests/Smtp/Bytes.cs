using System.Globalization;
using System.Text;

namespace Webcluster.Protocol.Tests.Smtp;

internal static class Bytes
{
    /// <summary>One octet per character, so that a row shows its exact bytes.</summary>
    public static byte[] Of(string latin1) => Encoding.Latin1.GetBytes(latin1);

    public static string Show(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The C escapes of the shared cases: \r, \n, \xHH.</summary>
    public static byte[] FromEscapes(string text)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
            {
                bytes.Add((byte)text[at]);
                continue;
            }

            at++;
            if (text[at] == 'x')
            {
                bytes.Add(byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                at += 2;
            }
            else bytes.Add(text[at] switch { 'r' => (byte)'\r', 'n' => (byte)'\n', var other => throw new FormatException($"\\{other}") });
        }

        return [.. bytes];
    }
}
