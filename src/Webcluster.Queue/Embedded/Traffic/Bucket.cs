namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>
/// A bucket, as the one time at which it is full again (microseconds since 1970). A microsecond is forgiven, so that rates that do not
/// divide evenly give all of their burst.
/// </summary>
internal readonly record struct Bucket(double Full)
{
    /// <summary>How many more it gives now; less than 1: none.</summary>
    public double Gives(Pace pace, double now, bool mayOwe = false) =>
        Math.Floor((pace.Burst * pace.Interval - Owed(pace, now, mayOwe) + 1) / pace.Interval);

    /// <summary>When it gives one.</summary>
    public double GivesAt(Pace pace, double now, bool mayOwe = false) =>
        Math.Ceiling(now + Owed(pace, now, mayOwe) + pace.Interval - pace.Burst * pace.Interval);

    public Bucket Without(double amount, Pace pace, double now, bool mayOwe = false) =>
        new(Math.Ceiling(now + Owed(pace, now, mayOwe) + amount * pace.Interval));

    /// <summary>
    /// Never more than the burst, so that what was owed at a slower rate does not hold back a faster one; but octets, of which one message
    /// may take many.
    /// </summary>
    private double Owed(Pace pace, double now, bool mayOwe)
    {
        var owed = Math.Max(Full, now) - now;
        return mayOwe ? owed : Math.Min(owed, pace.Burst * pace.Interval);
    }
}
