namespace Webcluster.Delivery.Providers.Replies;

/// <summary>Reply codes of refusals: a digit, then two digits or x for any.</summary>
internal readonly record struct CodePattern(int First, int? Second, int? Third)
{
    public static bool TryParse(string text, out CodePattern pattern)
    {
        pattern = default;
        if (text.Length != 3 || text[0] is not ('4' or '5')) return false;
        if (!TryDigit(text[1], out var second) || !TryDigit(text[2], out var third)) return false;
        pattern = new CodePattern(text[0] - '0', second, third);
        return true;
    }

    public bool Matches(int code) =>
        code / 100 == First && (Second is null || code / 10 % 10 == Second) && (Third is null || code % 10 == Third);

    private static bool TryDigit(char c, out int? digit)
    {
        digit = char.IsAsciiDigit(c) ? c - '0' : null;
        return digit is not null || c == 'x';
    }
}
