using System.Text;

namespace Webcluster.Protocol.Smtp;

/// <summary>Verbs, parameter names and fixed values: ASCII, case does not matter (RFC 5321 §2.4).</summary>
internal static class Keyword
{
    /// <summary>The longest that means anything here is "STARTTLS", "8BITMIME", "SMTPUTF8".</summary>
    public const int MaxLength = 16;

    /// <summary>In upper case; empty where it is too long or not ASCII, that is: where it is none that is known.</summary>
    public static ReadOnlySpan<char> Fold(ReadOnlySpan<byte> word, Span<char> buffer) =>
        word.Length <= buffer.Length && Ascii.ToUpper(word, buffer, out var length) == System.Buffers.OperationStatus.Done
            ? buffer[..length]
            : [];
}
