namespace Webcluster.Protocol.Classification.Text;

/// <summary>Characters as they are compared: lower case, without accents.</summary>
internal static class Letters
{
    // U+00C0 to U+017F; a space where the character has no plain letter.
    private const string Plain =
        "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
        + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
        + "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

    private const string WidePunctuation = "、。〈〉《》「」『』【】〔〕！（），：；＜＞？［］｛｝";

    public static char Fold(char letter) => letter switch
    {
        >= 'A' and <= 'Z' => (char)(letter | 0x20),
        < (char)0x80 => letter,
        >= (char)0xC0 and <= (char)0x17F => Plain[letter - 0xC0],
        'Ё' or 'ё' => 'е',
        // The wide forms of ASCII that East Asian servers write.
        >= (char)0xFF01 and <= (char)0xFF5E => Fold((char)(letter - 0xFEE0)),
        _ => char.ToLowerInvariant(letter),
    };

    /// <summary>Stops, commas and brackets as East Asian text has them; nobody writes a space beside them.</summary>
    public static bool IsWidePunctuation(char letter) => WidePunctuation.Contains(letter);

    /// <summary>Scripts written without spaces, where every character counts as a word: kana, han, hangul.</summary>
    public static bool IsWordByItself(char letter) =>
        letter is >= (char)0x3040 and <= (char)0x30FF or >= (char)0x3400 and <= (char)0x9FFF or >= (char)0xAC00 and <= (char)0xD7AF;
}
