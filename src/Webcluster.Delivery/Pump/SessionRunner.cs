using Webcluster.Queue;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// One session from its first claim to its release: has one delivery after another carried, asks for more, parks for a moment when there is
/// none, quits. Whatever it did not settle goes back with the release.
/// </summary>
internal sealed class SessionRunner
{
    private readonly SessionRunnerServices _services;
    private readonly Func<int, ClaimRequest> _extend;
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly ClaimSize _size;
    private readonly SessionContext _session;
    private readonly SessionConnection _connection;
    private readonly TrailingSettler _settling;
    private readonly DeliveryCarrier _carrier;

    /// <param name="extend">What to ask the queue for, of so many deliveries more.</param>
    public SessionRunner(SessionRunnerServices services, OpenedSession opened, Func<int, ClaimRequest> extend)
    {
        _services = services;
        _extend = extend;
        _size = new ClaimSize(services.Options.ClaimBatch);
        _session = new SessionContext(opened, _drain.Token, _abandon.Token);
        _connection = new SessionConnection(services, _session);
        _settling = new TrailingSettler(services.Settler, _session);
        _carrier = new DeliveryCarrier(services, _session, _connection, _settling);
    }

    private bool IsOver =>
        _carrier.IsOver || _drain.IsCancellationRequested || !_services.Heartbeat.Holds(_session.Lease);

    /// <summary>Ends the session soon: what is past DATA is finished, the rest goes back.</summary>
    public void Drain()
    {
        _drain.Cancel();
        _connection.Drain();
    }

    /// <summary>Ends the session now.</summary>
    public void Abandon()
    {
        _drain.Cancel();
        _abandon.Cancel();
        _connection.Abandon();
    }

    public async Task RunAsync(IReadOnlyList<ClaimedDelivery> first)
    {
        try
        {
            for (var work = first; work is not null; work = await MoreAsync()) await DeliverAsync(work);
            await _settling.SoFarAsync();
        }
        catch (OperationCanceledException) when (_drain.IsCancellationRequested)
        {
            // Stopping: what was not settled waits again.
        }
        catch (QueueUnavailableException)
        {
            // The heartbeat says so. What has no outcome goes back with the release, once the store is there again.
        }
        catch (Exception fault)
        {
            _services.Log.SessionFault(fault, _session.Lane);
            await _services.Health.FailedAsync(_session.Lane, CancellationToken.None);
        }
        finally
        {
            await CloseAsync();
        }
    }

    private async Task DeliverAsync(IReadOnlyList<ClaimedDelivery> work)
    {
        var began = _services.Time.GetTimestamp();
        foreach (var delivery in work)
            if (!IsOver)
                await _carrier.CarryAsync(delivery);
        _size.Took(work.Count, _services.Time.GetElapsedTime(began));
    }

    private async ValueTask<IReadOnlyList<ClaimedDelivery>?> MoreAsync()
    {
        while (!IsOver)
        {
            switch (await _services.Queue.ClaimAsync(_extend(_size.Next), _abandon.Token))
            {
                case ClaimResult.Granted granted:
                    return granted.Deliveries;
                case var wait when ParkedSessions.IsFor(wait) && _connection.Current is not null:
                    // Parked, the connection has nothing on its way: everything it sent must be durable. To the queue the session is idle
                    // now, so what arrived during that wait is asked for at once.
                    if (_settling.IsUpToDate) return await ParkAsync();
                    await _settling.SoFarAsync();
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<ClaimedDelivery>?> ParkAsync()
    {
        var parked = _services.Parked.Park(_session.Lane, _session.Id);
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(_drain.Token);
        var timeout = Task.Delay(_services.Options.IdleTimeout, _services.Time, idle.Token);
        await Task.WhenAny(parked.Work, timeout);
        if (!parked.Work.IsCompleted && _services.Parked.Take(parked)) parked.Close();
        await idle.CancelAsync();
        return await parked.Work;
    }

    private async Task CloseAsync()
    {
        await _connection.CloseAsync(quit: !_carrier.IsOver);

        // Released before it is settled, a delivery that was sent would be sent again.
        await _settling.EndAsync();
        await _services.Queue.ReleaseAsync(_session.Id, CancellationToken.None);
    }
}
