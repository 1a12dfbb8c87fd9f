using Webcluster.Submission.Policy;

namespace Webcluster.Submission.Sessions;

/// <summary>
/// How long content may still take: no octet for too long, or fewer than the lowest rate for longer than a fixed time, ends it. Octets
/// beyond those of the largest message buy no time, so that no content is without end.
/// </summary>
internal sealed class ContentClock(TimeProvider time, SubmissionLimitOptions limits)
{
    private readonly long _begunAt = time.GetTimestamp();
    private long _octets;

    public void Count(long octets) => _octets += octets;

    /// <summary>The time for the next octets to come.</summary>
    public TimeSpan Left()
    {
        var counted = Math.Min(_octets, limits.MessageSize.Octets);
        var allowed = limits.ContentTime + TimeSpan.FromSeconds((double)counted / limits.ContentRate.Octets);
        var left = allowed - time.GetElapsedTime(_begunAt);
        if (left < TimeSpan.Zero) return TimeSpan.Zero;
        return left < limits.ContentIdleTime ? left : limits.ContentIdleTime;
    }
}
