using System.Globalization;

namespace Webcluster.TestKit.Report;

/// <summary>One measured number, and the most and the least that it may be.</summary>
public sealed record Figure(string Name, double Value, double? AtMost = null, double? AtLeast = null)
{
    public bool IsKept => !(Value > AtMost) && !(Value < AtLeast);

    /// <summary>What is allowed, in words; "" where everything is.</summary>
    public string Allowed => (AtLeast, AtMost) switch
    {
        (null, null) => "",
        (null, { } most) => Text($"at most {most:0.###}"),
        ({ } least, null) => Text($"at least {least:0.###}"),
        ({ } least, { } most) => Text($"{least:0.###} to {most:0.###}"),
    };

    public override string ToString() => Text($"figure {Name} {Value:0.###}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
