namespace Webcluster.Benchmarks.Latency;

/// <summary>Exact ones: all values, sorted.</summary>
internal sealed class Percentiles
{
    private readonly float[] _sorted;

    public Percentiles(float[] values)
    {
        Array.Sort(values);
        _sorted = values;
    }

    /// <summary>The least value that such a share of all is not above; null of nothing.</summary>
    public float? At(double share) => _sorted.Length == 0 ? null : _sorted[Math.Max(0, (int)Math.Ceiling(share * _sorted.Length) - 1)];
}
