using System.Globalization;
using Webcluster.Protocol.Units;

namespace Webcluster.Queue.Traffic;

/// <summary>
/// So much in so long, and how much of it may come at once: "100/min", "10/s", "500/h,burst=20". Without a burst it is what the rate gives
/// in a tenth of a second, at least 1. A bucket that is full has a burst to give and fills up at the rate.
/// </summary>
public readonly record struct Rate(long Amount, TimeSpan Per, long Burst)
{
    /// <summary>So that microseconds times amounts stay exact in the store's numbers.</summary>
    public const long MostAmount = 1_000_000_000;

    private static readonly (string Name, TimeSpan Per)[] Units =
    [
        ("s", TimeSpan.FromSeconds(1)), ("min", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
        ("sec", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("hr", TimeSpan.FromHours(1)), ("day", TimeSpan.FromDays(1)),
    ];

    /// <summary>How long the bucket takes to fill up by one, in microseconds.</summary>
    public double Interval => Per.TotalMicroseconds / Amount;

    public static Rate Of(long amount, TimeSpan per) =>
        new(amount, per, Math.Max(1, (long)Math.Ceiling(amount / per.TotalSeconds / 10)));

    /// <summary>Amount (1 to <see cref="MostAmount"/>; a size such as 10MiB too), "/", unit, and perhaps ",burst=" and another amount. No
    /// spaces.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Rate rate)
    {
        rate = default;
        var slash = text.IndexOf('/');
        if (slash < 0 || !TryAmount(text[..slash], out var amount)) return false;
        var rest = text[(slash + 1)..];
        var comma = rest.IndexOf(',');
        if (!TryUnit(comma < 0 ? rest : rest[..comma], out var per)) return false;
        rate = Of(amount, per);
        if (comma < 0) return true;
        if (!rest[(comma + 1)..].StartsWith("burst=", StringComparison.OrdinalIgnoreCase) || !TryAmount(rest[(comma + 7)..], out var burst)) return false;
        rate = rate with { Burst = burst };
        return true;
    }

    /// <exception cref="FormatException">The text is no rate.</exception>
    public static Rate Parse(string text) =>
        TryParse(text, out var rate) ? rate : throw new FormatException($"'{text}' is no rate; write it as 100/min or 10/s,burst=5");

    /// <summary>What <see cref="TryParse"/> reads back as the same.</summary>
    public override string ToString()
    {
        var per = Per;
        var unit = Array.Find(Units, unit => unit.Per == per).Name;
        var burst = this == Of(Amount, Per) ? "" : string.Create(CultureInfo.InvariantCulture, $",burst={Burst}");
        return string.Create(CultureInfo.InvariantCulture, $"{Amount}/{unit}{burst}");
    }

    private static bool TryAmount(ReadOnlySpan<char> text, out long amount)
    {
        var parsed = ByteSize.TryParse(text, out var size);
        amount = size.Octets;
        return parsed && amount is >= 1 and <= MostAmount;
    }

    private static bool TryUnit(ReadOnlySpan<char> text, out TimeSpan per)
    {
        foreach (var unit in Units)
        {
            if (!text.Equals(unit.Name, StringComparison.OrdinalIgnoreCase)) continue;
            per = unit.Per;
            return true;
        }
        per = default;
        return false;
    }
}
