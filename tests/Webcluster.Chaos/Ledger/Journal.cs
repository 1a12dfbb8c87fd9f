using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Webcluster.Chaos.Cluster;

namespace Webcluster.Chaos.Ledger;

/// <summary>What was done to the cluster and when: printed as it happens, and kept for the reckoning.</summary>
internal sealed class Journal(TextWriter output)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<Stoppage> _stoppages = new();
    private readonly ConcurrentQueue<Outage> _outages = new();
    private readonly ConcurrentQueue<TimeSpan> _exits = new();
    private readonly ConcurrentQueue<string> _skipped = new();
    private int _ownEnds;

    public IReadOnlyCollection<Stoppage> Stoppages => _stoppages;

    public IReadOnlyCollection<Outage> Outages => _outages;

    /// <summary>From SIGTERM to the end of the process.</summary>
    public IReadOnlyCollection<TimeSpan> Exits => _exits;

    public IReadOnlyCollection<string> Skipped => _skipped;

    /// <summary>How often a node ended by itself.</summary>
    public int OwnEnds => Volatile.Read(ref _ownEnds);

    public void Say(string what)
    {
        lock (output) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{Stopwatch.GetElapsedTime(_began).TotalSeconds,6:F1} s] {what}"));
    }

    public void Stopped(Stoppage stoppage)
    {
        _stoppages.Enqueue(stoppage);
        Say($"{stoppage.Kind}: {stoppage.Node} with {stoppage.Held.Sessions} connections and {stoppage.Held.Messages.Count} claimed mails");
    }

    public void WasAway(Outage outage)
    {
        _outages.Enqueue(outage);
        Say(string.Create(CultureInfo.InvariantCulture, $"the store is back after {(outage.Back - outage.Gone).TotalSeconds:F1} s"));
    }

    public void Exited(string node, TimeSpan took)
    {
        _exits.Enqueue(took);
        Say(string.Create(CultureInfo.InvariantCulture, $"{node} ended {took.TotalSeconds:F1} s after SIGTERM"));
    }

    /// <summary>A node ended though nobody had asked it to.</summary>
    public void EndedByItself(string node)
    {
        Interlocked.Increment(ref _ownEnds);
        Say($"{node} ENDED BY ITSELF, and is started again");
    }

    public void Skip(string fault, string why)
    {
        _skipped.Enqueue(fault);
        Say($"SKIPPED {fault}: {why}");
    }
}

/// <summary>How a node was taken away from its mail.</summary>
internal enum StoppageKind
{
    Killed,

    /// <summary>Stands still, and comes back to what it was doing.</summary>
    Suspended,

    /// <summary>Works, but cannot reach the store.</summary>
    CutOff,

    /// <summary>The store may have forgotten what it did last.</summary>
    FailedOver,
}

/// <param name="Life">When the process was started whose mail it was.</param>
/// <param name="Until">When it came back to life; null where it did not.</param>
internal sealed record Stoppage(StoppageKind Kind, string Node, DateTimeOffset Life, DateTimeOffset At, DateTimeOffset? Until, Held Held);

/// <summary>The store was not there.</summary>
internal sealed record Outage(DateTimeOffset Gone, DateTimeOffset Back);
