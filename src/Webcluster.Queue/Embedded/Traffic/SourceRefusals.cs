using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>
/// Why none of several sources can send, in one word: the least grave of their reasons, and the soonest time that one of them names.
/// </summary>
internal static class SourceRefusals
{
    private static readonly WaitReason[] ByGravity =
        [WaitReason.ConnectionLimit, WaitReason.RateLimit, WaitReason.WarmupBudget, WaitReason.SourcesSuspended];

    /// <param name="refusals">At least one.</param>
    public static Allowance Of(IEnumerable<Allowance> refusals)
    {
        var (least, soonest) = (ByGravity.Length - 1, (double?)null);
        foreach (var refusal in refusals)
        {
            least = Math.Min(least, Array.IndexOf(ByGravity, refusal.Reason));
            if (refusal.At < (soonest ?? double.PositiveInfinity))
                soonest = refusal.At;
        }
        return Allowance.Refused(ByGravity[least], soonest);
    }
}
