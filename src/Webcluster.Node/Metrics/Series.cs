namespace Webcluster.Node.Metrics;

/// <summary>
/// One line (or one histogram) of a metric: its labels as written, and its numbers. Recording is lock-free, from any thread.
/// </summary>
/// <param name="labels">name="value" pairs, comma between, without braces.</param>
internal abstract class Series(string labels)
{
    public string Labels { get; } = labels;

    protected static void Add(ref double total, double amount)
    {
        var seen = Volatile.Read(ref total);
        for (; ; )
        {
            var before = Interlocked.CompareExchange(ref total, seen + amount, seen);
            if (before.Equals(seen)) return;
            seen = before;
        }
    }
}

/// <summary>A counter or gauge. Whole amounts are added apart from fractions: one instruction, and exact.</summary>
internal sealed class NumberSeries(string labels) : Series(labels)
{
    private long _whole;
    private double _fraction;

    public double Value => Volatile.Read(ref _fraction) + Volatile.Read(ref _whole);

    public void Add(long amount) => Interlocked.Add(ref _whole, amount);

    public void Add(double amount) => Add(ref _fraction, amount);

    public void Set(double value) => Volatile.Write(ref _fraction, value);
}

internal sealed class HistogramSeries(string labels, double[] bounds) : Series(labels)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    public ReadOnlySpan<double> Bounds => bounds;

    public double Sum => Volatile.Read(ref _sum);

    public void Record(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket]) bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        Add(ref _sum, value);
    }

    /// <summary>Values up to each bound, the last without one: that is the count of all.</summary>
    public long[] Cumulative()
    {
        var counts = new long[_counts.Length];
        var sum = 0L;
        for (var i = 0; i < counts.Length; i++) counts[i] = sum += Volatile.Read(ref _counts[i]);
        return counts;
    }
}
