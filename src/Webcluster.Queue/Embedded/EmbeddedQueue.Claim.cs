using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Embedded;

public sealed partial class EmbeddedQueue
{
    private static readonly TimeSpan UnreadableDelay = TimeSpan.FromMinutes(1);

    public async ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        if (request.MostDeliveries < 1)
            throw new ArgumentException("A claim asks for at least one delivery.", nameof(request));
        cancellation.ThrowIfCancellationRequested();
        if (_health.IsFailing)
            return StoreUnavailable();
        Grant grant;
        lock (_index.Gate)
            grant = _index.Claim(request);
        if (grant.Session is not { } session)
        {
            _metrics.ClaimRefused(grant.Refusal!.Reason);
            return grant.Refusal;
        }

        // Not cancelled from here on: what was taken must reach the caller or go back.
        var claimed = new List<ClaimedDelivery>(grant.Taken.Count);
        var room = request.MostContentOctets;
        foreach (var taken in grant.Taken)
        {
            if (await TryLoadAsync(session, taken, room) is not { } delivery)
                continue;
            room -= delivery.Content?.Length ?? 0;
            claimed.Add(delivery);
        }
        if (claimed.Count > 0)
            return new ClaimResult.Granted(session.Id, claimed, session.Source.Name);
        if (request.Session is null)
            await ReleaseAsync(session.Id, CancellationToken.None);
        return StoreUnavailable();
    }

    public async ValueTask<MessageContent?> ReadContentAsync(SessionId session, MessageId id, CancellationToken cancellation)
    {
        long row;
        lock (_index.Gate)
        {
            if (_index.Find(id) is not { } message)
                return null;
            if (message.Hot is { } hot)
                return hot.Message.Content;
            row = message.Row;
        }
        return await ReadFileAsync(store => store.Content(row), cancellation);
    }

    /// <returns>Null where it cannot be read: it is put off then, so that one damaged record does not stop its lane.</returns>
    private async ValueTask<ClaimedDelivery?> TryLoadAsync(Session session, TakenDelivery taken, int room)
    {
        StoreFaultException? trouble = null;
        try
        {
            if (await _loader.LoadAsync(taken, room) is { } delivery)
                return delivery;
        }
        catch (StoreFaultException fault)
        {
            trouble = fault;
            _metrics.StoreFailed(fault.Kind);
        }
        _logger.Unreadable(trouble, taken.Delivery.Message.Id.ToString());
        lock (_index.Gate)
            _index.Postpone(session, taken.Delivery, UnreadableDelay);
        return null;
    }

    private ClaimResult.NotNow StoreUnavailable()
    {
        _metrics.ClaimRefused(WaitReason.StoreUnavailable);
        return new ClaimResult.NotNow(WaitReason.StoreUnavailable, _time.GetUtcNow() + WatchInterval);
    }
}
