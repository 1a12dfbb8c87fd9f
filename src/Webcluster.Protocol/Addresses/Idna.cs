using System.Globalization;
using System.Text;

namespace Webcluster.Protocol.Addresses;

/// <summary>
/// IDNA 2008 (RFC 5891) over the runtime's Punycode. With invariant globalization <see cref="IdnMapping"/> neither maps nor checks
/// characters, so case is folded and characters are checked here.
/// </summary>
internal static class Idna
{
    private static readonly IdnMapping Mapping = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    /// <summary>Turns one label into its A-label.</summary>
    public static bool TryToAscii(ReadOnlySpan<char> label, out string ascii)
    {
        ascii = "";
        var lower = label.ToString().ToLowerInvariant();
        foreach (var rune in lower.EnumerateRunes())
            if (!UnicodeRules.MayStandInLabel(rune)) return false;
        return TryMap(Mapping.GetAscii, lower, out ascii);
    }

    /// <summary>
    /// Does this lower-case label, which begins with "xn--", stand for a name beyond ASCII, with nothing invisible in it?
    /// </summary>
    public static bool IsALabel(ReadOnlySpan<char> label)
    {
        // GetUnicode also refuses what does not encode back to the same label.
        if (!TryMap(Mapping.GetUnicode, label.ToString(), out var unicode) || Ascii.IsValid(unicode)) return false;
        foreach (var rune in unicode.EnumerateRunes())
            if (UnicodeRules.IsInvisible(rune)) return false;
        return true;
    }

    // IdnMapping has no form that does not throw; labels are short, so this stays cheap.
    private static bool TryMap(Func<string, string> map, string label, out string mapped)
    {
        mapped = "";
        try
        {
            mapped = map(label);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
