using System.Diagnostics;

namespace Webcluster.Benchmarks.Latency;

/// <summary>
/// The mails of one run by their numbers: when the final dot of each was written, and in the order in which they arrived, how long each
/// took until the sink's reply was written. All of it on one clock; from any thread.
/// </summary>
internal sealed class Flights(int first, int count)
{
    private const int Accepted = 1, Arrived = 2;

    private readonly long[] _dots = new long[count];
    private readonly int[] _states = new int[count];
    private readonly float[] _milliseconds = new float[count];
    private int _arrived, _twice, _refused;
    private long _lastArrival;

    public int First => first;

    public int Count => count;

    /// <summary>How many have arrived so far.</summary>
    public int Arrivals => Volatile.Read(ref _arrived);

    /// <summary>Arrivals of mails that had arrived.</summary>
    public int Twice => Volatile.Read(ref _twice);

    /// <summary>Not accepted, or the connection broke before.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Accepted and not arrived.</summary>
    public int Missing => _states.Count(state => state == Accepted);

    public long LastArrival => Volatile.Read(ref _lastArrival);

    /// <summary>Before its final dot is written.</summary>
    /// <param name="late">How much later it was begun than it was due: the mail has waited for so long.</param>
    public void Dot(int number, long late) => _dots[number - first] = Stopwatch.GetTimestamp() - late;

    public void Accept(int number) => Mark(number, Accepted);

    public void Refuse() => Interlocked.Increment(ref _refused);

    /// <summary>Numbers that are not of this run are passed over.</summary>
    public void Arrive(int number)
    {
        var now = Stopwatch.GetTimestamp();
        if (number < first || number >= first + count) return;
        if ((Mark(number, Arrived) & Arrived) != 0)
        {
            Interlocked.Increment(ref _twice);
            return;
        }

        var index = Interlocked.Increment(ref _arrived) - 1;
        Volatile.Write(ref _milliseconds[index], (float)Stopwatch.GetElapsedTime(_dots[number - first], now).TotalMilliseconds);
        Volatile.Write(ref _lastArrival, now);
    }

    /// <summary>What those arrivals took, counted from the first one.</summary>
    public Percentiles Took(int from, int until) => new(_milliseconds.AsSpan(from..until).ToArray());

    private int Mark(int number, int state) => Interlocked.Or(ref _states[number - first], state);
}
