using Webcluster.Queue;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Suppressing;

namespace Webcluster.Submission.Tests.Harness;

internal sealed class FakeSuppressor : IAddressSuppressor
{
    public List<SuppressedRecipient> Suppressed { get; } = [];

    public bool IsAway { get; set; }

    /// <summary>Where it happens again and again, this is the last time.</summary>
    public bool IsLastTime { get; set; }

    /// <summary>suppression.hard_bounces is off.</summary>
    public bool TakesNoHardBounces { get; set; }

    public ValueTask<bool> SuppressAsync(SuppressedRecipient recipient, CancellationToken cancellation)
    {
        if (IsAway) throw new QueueUnavailableException("away");
        if (recipient.Reason == SuppressionReason.HardBounce && TakesNoHardBounces) return ValueTask.FromResult(false);
        Suppressed.Add(recipient);
        return ValueTask.FromResult(recipient.Reason != SuppressionReason.RepeatedSoft || IsLastTime);
    }
}
