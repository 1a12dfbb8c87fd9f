using System.Buffers.Text;
using System.Text;

namespace Webcluster.Benchmarks.Latency;

/// <summary>A mail that carries its number in a header field, so that it is known again where it arrives. One writer at a time.</summary>
internal sealed class NumberedMail
{
    private const int Digits = 10;
    private const int LineLength = 76;

    // Compresses to a half, as text does.
    private static readonly byte[] s_letters = " etaoinshrdlu"u8.ToArray();
    private readonly byte[] _octets;
    private readonly int _number;

    /// <param name="mailClass">What it asks for in X-WC-Class; null: nothing.</param>
    public NumberedMail(string sender, string recipient, int octets, string? mailClass)
    {
        var mail = new StringBuilder(octets + LineLength)
            .Append($"From: <{sender}>\r\nTo: <{recipient}>\r\nSubject: bench\r\n")
            .Append(mailClass is null ? "" : $"X-WC-Class: {mailClass}\r\n")
            .Append("X-Bench-Number: ");
        _number = mail.Length;
        mail.Append('0', Digits).Append("\r\n\r\n");
        var random = new Random(1);
        while (mail.Length < octets)
        {
            for (var i = 0; i < LineLength; i++) mail.Append((char)s_letters[random.Next(s_letters.Length)]);
            mail.Append("\r\n");
        }

        _octets = Encoding.ASCII.GetBytes(mail.Append(".\r\n").ToString());
    }

    private static ReadOnlySpan<byte> Field => "\r\nX-Bench-Number: "u8;

    /// <returns>Its content and the final dot; valid until the next call.</returns>
    public ReadOnlyMemory<byte> Numbered(int number)
    {
        number.TryFormat(_octets.AsSpan(_number, Digits), out _, "D10");
        return _octets;
    }

    /// <returns>Less than 0 where the mail has no number.</returns>
    public static int NumberOf(ReadOnlySpan<byte> content)
    {
        var at = content.IndexOf(Field);
        return at >= 0 && Utf8Parser.TryParse(content[(at + Field.Length)..], out int number, out _) ? number : -1;
    }
}
