using System.Globalization;
using System.Text;

namespace Webcluster.Protocol.Addresses;

/// <summary>Which characters beyond ASCII may stand in names that people compare by eye.</summary>
internal static class UnicodeRules
{
    /// <summary>
    /// Shows nothing, or changes how its neighbours are shown: controls, bidi marks, zero-width and ignorable characters, no characters.
    /// </summary>
    public static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || IsIgnorable(rune.Value);

    /// <summary>
    /// May stand in a local part: RFC 6531 allows all beyond ASCII; what is invisible or looks like a space is refused here.
    /// </summary>
    public static bool MayStandInLocalPart(Rune rune) =>
        rune.IsAscii || (!IsInvisible(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.SpaceSeparator);

    /// <summary>May stand in a U-label: the letters, marks and digits of IDNA 2008, in lower case.</summary>
    // rfc5892#2.1
    public static bool MayStandInLabel(Rune rune) => rune.IsAscii
        ? char.IsAsciiLetterLower((char)rune.Value) || char.IsAsciiDigit((char)rune.Value) || rune.Value == '-'
        : !IsInvisible(rune) && !IsUnnormalized(rune.Value) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.LowercaseLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber;

    // Default_Ignorable_Code_Point where the general category does not tell.
    private static bool IsIgnorable(int value) => value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F)
        or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0000 and <= 0xE0FFF);

    // The runtime has no normalisation data (invariant globalization). What NFKC would change is refused, because the same
    // name in another form would be another domain: combining marks that compose with letters, jamo, compatibility forms.
    private static bool IsUnnormalized(int value) => value is (>= 0x0300 and <= 0x036F) or (>= 0x1100 and <= 0x11FF) or 0x3099 or 0x309A
        or 0x00AA or 0x00BA or (>= 0x02B0 and <= 0x02B8) or (>= 0x02E0 and <= 0x02E4) or (>= 0x2070 and <= 0x214F)
        or (>= 0xF900 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFFEF) or (>= 0x1D400 and <= 0x1D7FF) or (>= 0x2F800 and <= 0x2FA1F);
}
