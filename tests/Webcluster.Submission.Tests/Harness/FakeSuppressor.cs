using Webcluster.Queue;
using Webcluster.Submission.Suppressing;

namespace Webcluster.Submission.Tests.Harness;

internal sealed class FakeSuppressor : IAddressSuppressor
{
    public List<SuppressedRecipient> Suppressed { get; } = [];

    public bool IsAway { get; set; }

    public ValueTask SuppressAsync(SuppressedRecipient recipient, CancellationToken cancellation)
    {
        if (IsAway) throw new QueueUnavailableException("away");
        Suppressed.Add(recipient);
        return ValueTask.CompletedTask;
    }
}
