using System.Text;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Status;

namespace Webcluster.Submission.Tests.Harness;

/// <summary>A queue that remembers what was stored, and answers as the test wants.</summary>
internal sealed class FakeQueue : IMailQueue
{
    private readonly Lock _lock = new();
    private readonly List<NewMessage> _stored = [];

    /// <summary>What storing answers; anything but Stored keeps nothing.</summary>
    public EnqueueResult Result { get; set; } = EnqueueResult.Stored;

    /// <summary>What a closed queue says at MAIL; null: it is open.</summary>
    public EnqueueResult? Closed { get; set; }

    /// <summary>Remembers nothing.</summary>
    public bool Forgets { get; set; }

    /// <summary>Storing ends on another thread, as with every real store.</summary>
    public bool AnswersLater { get; set; }

    /// <summary>Storing waits for this.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public IReadOnlyList<NewMessage> Stored
    {
        get { lock (_lock) return [.. _stored]; }
    }

    public NewMessage Single => Stored.Single();

    public static string Text(NewMessage message) => Encoding.Latin1.GetString(message.Content.ToArray());

    public async Task<EnqueueResult> EnqueueAsync(NewMessage message, CancellationToken cancellation)
    {
        await Gate.WaitAsync(cancellation);
        if (AnswersLater) await Task.Yield();
        if (Result != EnqueueResult.Stored || Forgets) return Result;
        lock (_lock) _stored.Add(message);
        return Result;
    }

    public bool IsAccepting(out EnqueueResult reason)
    {
        reason = Closed ?? EnqueueResult.Stored;
        return Closed is null;
    }

    public Task<IReadOnlyList<LaneKey>> NextLanesAsync(int most, IReadOnlyCollection<string> without, CancellationToken cancellation) => throw new NotSupportedException();
    public ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) => throw new NotSupportedException();
    public ValueTask<MessageContent?> ReadContentAsync(MessageId id, CancellationToken cancellation) => throw new NotSupportedException();
    public Task<IReadOnlyList<SettleVerdict>> SettleAsync(
        SessionId session, IReadOnlyList<Settlement> outcomes, CancellationToken cancellation) => throw new NotSupportedException();
    public ValueTask<LaneTrouble> TroubledAsync(LaneKey lane, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask PauseLaneAsync(LaneKey lane, TimeSpan pause, CancellationToken cancellation) => throw new NotSupportedException();
    public ValueTask ReleaseAsync(SessionId session, CancellationToken cancellation) => throw new NotSupportedException();
    public ValueTask<IReadOnlyList<NodeId>> BeatAsync(NodeId node, CancellationToken cancellation) => throw new NotSupportedException();
    public ValueTask TendAsync(NodeId node, CancellationToken cancellation) => throw new NotSupportedException();
    public ValueTask LeaveAsync(NodeId node, CancellationToken cancellation) => throw new NotSupportedException();
    public ValueTask<int> ReapAsync(NodeId node, CancellationToken cancellation) => throw new NotSupportedException();
    public ValueTask<QueueCounts> CountAsync(CancellationToken cancellation) => throw new NotSupportedException();
    public ValueTask<IReadOnlyList<LaneStatus>> LanesAsync(int most, CancellationToken cancellation) => throw new NotSupportedException();
    public ValueTask<IReadOnlyList<LaneStatus>> SiteLanesAsync(string provider, string site, CancellationToken cancellation) =>
        throw new NotSupportedException();
    public ValueTask<IReadOnlyList<DeliveryStatus>> FindAsync(MessageId id, CancellationToken cancellation) =>
        throw new NotSupportedException();
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
