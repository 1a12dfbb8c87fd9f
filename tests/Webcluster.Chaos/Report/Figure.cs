using System.Globalization;

namespace Webcluster.Chaos.Report;

/// <summary>One measured number, and the most it may be.</summary>
internal sealed record Figure(string Name, double Value, double? AtMost = null)
{
    public bool IsKept => AtMost is not { } most || Value <= most;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"figure {Name} {Value:0.#}");
}
