using System.Globalization;
using System.Text;

namespace Webcluster.Protocol.Units;

/// <summary>The text form of a duration, to the millisecond: "5d", "1h30m", "200ms". It round-trips.</summary>
public static class Duration
{
    // In the order in which they may stand in a text.
    private static readonly (string Name, long Milliseconds)[] Units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    private static readonly long MaxMilliseconds = TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>
    /// One or more of number and unit (d, h, m, s, ms), larger units first, each at most once. "0" alone is zero. No sign, no fraction.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        if (text.SequenceEqual("0")) return true;
        if (text.IsEmpty) return false;
        var next = 0;
        var total = 0L;
        while (!text.IsEmpty)
        {
            if (!TryTakePart(ref text, ref next, out var milliseconds) || milliseconds > MaxMilliseconds - total) return false;
            total += milliseconds;
        }

        duration = TimeSpan.FromTicks(total * TimeSpan.TicksPerMillisecond);
        return true;
    }

    /// <param name="duration">Not negative; a part below the millisecond is left out.</param>
    public static string Format(TimeSpan duration)
    {
        var rest = duration.Ticks / TimeSpan.TicksPerMillisecond;
        if (rest <= 0) return "0s";
        var text = new StringBuilder();
        foreach (var (name, milliseconds) in Units)
        {
            if (rest < milliseconds) continue;
            text.Append(CultureInfo.InvariantCulture, $"{rest / milliseconds}{name}");
            rest %= milliseconds;
        }

        return text.ToString();
    }

    private static bool TryTakePart(ref ReadOnlySpan<char> text, ref int next, out long milliseconds)
    {
        milliseconds = 0;
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        text = text[digits..];
        var end = text.IndexOfAnyInRange('0', '9');
        var name = end < 0 ? text : text[..end];
        text = text[name.Length..];
        while (next < Units.Length && !name.SequenceEqual(Units[next].Name)) next++;
        if (next == Units.Length) return false;
        var unit = Units[next++].Milliseconds;
        if (count > MaxMilliseconds / unit) return false;
        milliseconds = count * unit;
        return true;
    }
}
