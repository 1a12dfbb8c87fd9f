using System.Globalization;

namespace Webcluster.Protocol.Units;

/// <summary>A number of octets with a text form that round-trips: "25MiB", "10KB", "1024". Never negative when parsed.</summary>
public readonly record struct ByteSize(long Octets)
{
    // By size, so that the first that divides is the largest.
    private static readonly (string Name, long Octets)[] Units =
    [
        ("TiB", 1L << 40), ("TB", 1_000_000_000_000), ("GiB", 1L << 30), ("GB", 1_000_000_000), ("MiB", 1L << 20), ("MB", 1_000_000),
        ("KiB", 1L << 10), ("KB", 1_000), ("B", 1),
    ];

    public static ByteSize FromMebibytes(long mebibytes) => new(mebibytes << 20);

    /// <summary>Digits, then a unit or none (octets). Case does not matter; no sign, no fraction, no space.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ByteSize size)
    {
        size = default;
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? text : text[..digits];
        if (!TryFindUnit(text[number.Length..], out var unit)
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > long.MaxValue / unit)
            return false;
        size = new ByteSize(count * unit);
        return true;
    }

    /// <exception cref="FormatException">The text is no size.</exception>
    public static ByteSize Parse(string text) =>
        TryParse(text, out var size) ? size : throw new FormatException($"'{text}' is no size; write it as 25MiB, 10KB or 1024");

    /// <summary>In the largest unit that divides it.</summary>
    public override string ToString()
    {
        foreach (var (name, octets) in Units)
            if (octets > 1 && Octets >= octets && Octets % octets == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{Octets / octets}{name}");
        return Octets.ToString(CultureInfo.InvariantCulture);
    }

    private static bool TryFindUnit(ReadOnlySpan<char> suffix, out long unit)
    {
        unit = 1;
        if (suffix.IsEmpty) return true;
        foreach (var (name, octets) in Units)
        {
            if (!suffix.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            unit = octets;
            return true;
        }

        return false;
    }
}
