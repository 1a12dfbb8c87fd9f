using System.Diagnostics;

namespace Webcluster.Queue.Suppression;

/// <summary>Reasons in words.</summary>
public static class SuppressionReasons
{
    /// <summary>As it stands in files, in metrics and in the API.</summary>
    public static string Label(SuppressionReason reason) => reason switch
    {
        SuppressionReason.HardBounce => "hard_bounce",
        SuppressionReason.RepeatedSoft => "repeated_soft",
        SuppressionReason.Complaint => "complaint",
        SuppressionReason.Unsubscribe => "unsubscribe",
        SuppressionReason.Manual => "manual",
        _ => throw new UnreachableException(),
    };

    public static bool TryParse(string label, out SuppressionReason reason)
    {
        foreach (var candidate in Enum.GetValues<SuppressionReason>())
        {
            if (Label(candidate) != label) continue;
            reason = candidate;
            return true;
        }

        reason = default;
        return false;
    }
}
