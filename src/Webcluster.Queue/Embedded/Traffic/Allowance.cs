using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>What a claim asks for.</summary>
/// <param name="Now">Microseconds since 1970.</param>
/// <param name="Pool">The lane's.</param>
/// <param name="Opens">A session is to be opened, not extended.</param>
/// <param name="IsFirstAttempt">The delivery whose turn it is was never attempted.</param>
internal readonly record struct Turn(double Now, string Pool, bool Opens, bool IsFirstAttempt);

/// <summary>How many messages a claim may have; none: why, and when asking again is worth it, where a time is known.</summary>
/// <param name="IsBySources">Another source could send.</param>
/// <param name="OthersSend">Whether sources that were not offered could send a moment ago; null: there are no others.</param>
internal readonly record struct Allowance(
    double Most, WaitReason Reason = default, double? At = null, bool IsBySources = false, bool? OthersSend = null)
{
    public static Allowance Unlimited { get; } = new(double.PositiveInfinity);

    public bool IsRefused => Most < 1;

    public static Allowance Refused(WaitReason reason, double? at = null) => new(0, reason, at);

    public Allowance AtMost(double most) => this with { Most = Math.Min(Most, most) };
}
