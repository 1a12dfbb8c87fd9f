using System.Buffers;
using System.Text;

namespace Webcluster.Protocol.Addresses;

/// <summary>Domain names as mail uses them: LDH labels of 1 to 63 octets, 253 in all, IDNA to A-labels (RFC 5890, 5321 §4.1.2).</summary>
public static class DomainName
{
    public const int MaxLength = 253;
    private const int MaxLabel = 63;

    private static readonly SearchValues<char> LetterDigitHyphen = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>
    /// To lower-case A-labels; false where a label is empty, too long, has a character that may not stand there or fails IDNA. No final
    /// dot.
    /// </summary>
    public static bool TryNormalize(ReadOnlySpan<char> name, out string normalized)
    {
        normalized = "";
        // An A-label is longer than its U-label, so no name beyond this can fit.
        if (name.IsEmpty || name.Length > MaxLength) return false;
        if (!Ascii.IsValid(name))
        {
            if (!TryToALabels(name, out var ascii) || ascii.Length > MaxLength) return false;
            name = ascii;
        }

        Span<char> buffer = stackalloc char[MaxLength];
        Ascii.ToLower(name, buffer, out var length);
        var lower = buffer[..length];
        if (!HasValidLabels(lower)) return false;
        normalized = lower.ToString();
        return true;
    }

    private static bool TryToALabels(ReadOnlySpan<char> name, out string ascii)
    {
        ascii = "";
        var labels = new List<string>();
        foreach (var range in name.Split('.'))
        {
            var label = name[range];
            if (Ascii.IsValid(label)) labels.Add(label.ToString());
            else if (Idna.TryToAscii(label, out var aLabel)) labels.Add(aLabel);
            else return false;
        }

        ascii = string.Join('.', labels);
        return true;
    }

    private static bool HasValidLabels(ReadOnlySpan<char> name)
    {
        foreach (var range in name.Split('.'))
            if (!IsValidLabel(name[range])) return false;
        // rfc3696#2: a top-level name is never all digits; "192.0.2.1" is an address that lost its brackets, and is not a name to look up.
        return name[(name.LastIndexOf('.') + 1)..].ContainsAnyExceptInRange('0', '9');
    }

    // rfc1123#2.1
    private static bool IsValidLabel(ReadOnlySpan<char> label) => label.Length is > 0 and <= MaxLabel && label[0] != '-' && label[^1] != '-'
        && !label.ContainsAnyExcept(LetterDigitHyphen) && (!label.StartsWith("xn--") || Idna.IsALabel(label));
}
