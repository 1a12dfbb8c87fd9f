using Webcluster.Delivery.Connections;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Sources;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.Transfer;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// One session from its first claim to its release: opens the connection when the first message needs it, sends one message after another,
/// asks for more, parks for a moment when there is none, quits. Whatever it did not settle goes back with the release.
/// <para>
/// An outcome is settled while the next message is already under way, but that message's final dot waits until it is durable: so at most
/// one delivery a connection can be sent twice, whenever the node dies.
/// </para>
/// </summary>
internal sealed class SessionRunner(
    SessionRunnerServices services, LaneKey lane, Source? source, SessionId session, Func<int, ClaimRequest> extend)
{
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly int _lease = services.Heartbeat.Lease;
    private readonly ClaimSize _size = new(services.Options.ClaimBatch);
    private readonly Dictionary<TlsDemand, Opened> _refused = [];
    private volatile SmtpClientSession? _connection;
    private Task _settling = Task.CompletedTask;
    private bool _progress;
    private bool _over;

    /// <summary>Ends the session soon: what is past DATA is finished, the rest goes back.</summary>
    public void Drain()
    {
        _drain.Cancel();
        _connection?.Drain("the node is stopping");
    }

    /// <summary>Ends the session now.</summary>
    public void Abandon()
    {
        _drain.Cancel();
        _abandon.Cancel();
        _connection?.Abandon("the node is stopping");
    }

    public async Task RunAsync(IReadOnlyList<ClaimedDelivery> first)
    {
        try
        {
            for (var work = first; work is not null; work = await MoreAsync()) await DeliverAsync(work);
            await _settling;
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
            services.Log.SessionFault(fault, lane);
            await services.Health.FailedAsync(lane, CancellationToken.None);
        }
        finally
        {
            await CloseAsync();
        }
    }

    private async Task DeliverAsync(IReadOnlyList<ClaimedDelivery> work)
    {
        var began = services.Time.GetTimestamp();
        foreach (var delivery in work)
            if (!_over && !_drain.IsCancellationRequested)
                await DeliverAsync(delivery);
        _size.Took(work.Count, services.Time.GetElapsedTime(began));
    }

    private async Task DeliverAsync(ClaimedDelivery delivery)
    {
        var began = services.Time.GetTimestamp();
        if (services.Time.GetUtcNow() >= delivery.ExpiresAt)
        {
            await SettleAsync(new AttemptOutcome(delivery, [.. delivery.Recipients.Select(Expired)]), began);
            return;
        }

        if (delivery.Bounce is { } reason)
        {
            await SettleAsync(new AttemptOutcome(delivery, [.. delivery.Recipients.Select(_ => OutcomePolicy.Bounce(reason))]), began);
            return;
        }

        var passengers = await Passengers.OfAsync(delivery, lane, services.Router, services.Decider, _drain.Token);
        if (passengers.Here is { } destination)
        {
            await AttemptAsync(delivery, passengers, destination);
        }
        else if (passengers.Elsewhere is { } other)
        {
            services.Log.Rerouted(delivery.Id, lane, other);
            await SettledSoFarAsync();
            await services.Settler.SettleAsync(session, new Settlement.Rerouted(delivery.Id, other), _abandon.Token);
        }
        else
        {
            await SettleAsync(passengers.Outcome([]), began);
        }
    }

    private async Task AttemptAsync(ClaimedDelivery delivery, Passengers passengers, Destination destination)
    {
        // A domain that asks for more than the connection has must not ride on it.
        if (_connection is { } open && !await services.Decider.IsMetAsync(destination.Demand, open.Connection, _drain.Token))
            await DisconnectAsync(open);
        if (_connection is null && !await ConnectAsync(passengers, destination)) return;
        var connection = _connection!;
        var content = delivery.Content ?? await services.Queue.ReadContentAsync(delivery.Id.Message, _drain.Token);
        // Settled by somebody else meanwhile; the release finds nothing of it either.
        if (content is null) return;

        var began = services.Time.GetTimestamp();
        var message = new OutgoingMessage(delivery.Envelope, passengers.OnBoard, content);
        if (message.CheckAgainst(connection.Server, services.Options.SendEightBitAnyway) is { } unsendable)
        {
            await SettleAsync(passengers.Outcome(OutcomePolicy.Judge(unsendable)), began);
            return;
        }

        if (delivery.MayHaveBeenSent) ShowTakeover(delivery);
        var result = await connection.TransferAsync(message, MayCommitAsync);
        await SeeAsync(result);
        var verdicts = OutcomePolicy.Judge(result, _progress);
        _over = result.Trouble is not null;
        if (verdicts.Any(verdict => verdict is Verdict.Delivered)) services.Health.Succeeded(lane);
        // A message that is done with is progress, whichever way: the connection cannot be lost over it for ever.
        _progress |= verdicts.Any(verdict => verdict is not Verdict.Deferred);
        await SettleAsync(passengers.Outcome(verdicts), began);
        if (_over && !_progress && result.Trouble!.Kind != TroubleKind.Abandoned) await PauseAsync(connection.Peer.Host, result.Trouble);
    }

    /// <summary>What the server's words mean for the traffic of all nodes. Each is looked at once, however many recipients it is
    /// about.</summary>
    private async ValueTask SeeAsync(TransferResult result)
    {
        foreach (var reply in result.Replies.Append(result.Trouble?.Reply).Distinct())
            await services.Replies.SeeAsync(lane, source!.Name, reply, _abandon.Token);
    }

    private void ShowTakeover(ClaimedDelivery delivery)
    {
        services.Metrics.TakenOver(lane, delivery.Recipients.Count);
        services.Log.TakenOver(delivery);
    }

    private async Task<bool> ConnectAsync(Passengers passengers, Destination destination)
    {
        if (source is null)
        {
            _over = true;
            return false;
        }

        var began = services.Time.GetTimestamp();
        if (!_refused.TryGetValue(destination.Demand, out var opened))
        {
            opened = await services.Connector.OpenAsync(destination, source, _drain.Token);
            services.Metrics.Connected(lane, opened.Connection is not null);
            services.SourceMetrics.Connected(source, opened.Connection is not null);
        }

        if (opened.Connection is { } connection)
        {
            var transfer = _connection = new SmtpClientSession(connection, services.Options.Timeouts);
            // A drain that came while connecting found no connection to tell.
            if (_drain.IsCancellationRequested) transfer.Drain("the node is stopping");
            return true;
        }

        var trouble = opened.Trouble!;
        // What only this domain asks for is no trouble of the site; within this session it is not tried again.
        var isOfTls = trouble.Kind is TroubleKind.TlsUnavailable or TroubleKind.TlsFailed;
        var isItsOwn = destination.Demand.IsOfDomain && (isOfTls || trouble.Stage == Stage.Policy);
        if (isItsOwn) _refused[destination.Demand] = opened;
        // What is certain needs no pause: the lane's other messages fail as fast.
        _over = !isItsOwn && trouble.Kind != TroubleKind.NoUsableAddress;
        if (trouble.Kind == TroubleKind.SourceUnusable) services.Sources.LeaveOut(source, trouble.Detail);
        if (trouble.IsOurs) return false;
        await services.Replies.SeeAsync(lane, source.Name, trouble.Reply, _abandon.Token);
        if (_over) await PauseAsync(opened.Host, trouble);
        // rfc8689#4.2.1: mail that may not go unprotected goes back instead of waiting for the hosts to change.
        var verdict = isOfTls && destination.Demand.IsRequiredBySender
            ? OutcomePolicy.Judge(Unsendable.NeedsRequireTls)
            : OutcomePolicy.Judge(trouble);
        await SettleAsync(passengers.Outcome(verdict), began, opened.Host);
        return false;
    }

    private async ValueTask<bool> MayCommitAsync()
    {
        await SettledSoFarAsync();
        return services.Heartbeat.Holds(_lease) && !_abandon.IsCancellationRequested;
    }

    private async Task SettleAsync(AttemptOutcome outcome, long began, string? host = null)
    {
        await SettledSoFarAsync();
        var context = new AttemptContext(lane, _connection, host ?? _connection?.Peer.Host, services.Time.GetElapsedTime(began));
        _settling = services.Settler.SettleAsync(session, outcome, context, _abandon.Token);
    }

    private Task SettledSoFarAsync() => _settling;

    private async ValueTask PauseAsync(string host, Trouble trouble)
    {
        var pause = await services.Health.FailedAsync(lane, _abandon.Token);
        services.Log.SiteTrouble(lane, host, trouble, pause);
    }

    private async ValueTask<IReadOnlyList<ClaimedDelivery>?> MoreAsync()
    {
        while (!_over && !_drain.IsCancellationRequested)
        {
            switch (await services.Queue.ClaimAsync(extend(_size.Next), _abandon.Token))
            {
                case ClaimResult.Granted granted:
                    return granted.Deliveries;
                case ClaimResult.NotNow { Reason: WaitReason.NothingDue or WaitReason.RateLimit or WaitReason.WarmupBudget }
                    when _connection is not null:
                    // Parked, the connection has nothing on its way: everything it sent must be durable. To the queue the session is idle
                    // now, so what arrived during that wait is asked for at once.
                    if (_settling.IsCompleted) return await ParkAsync();
                    await SettledSoFarAsync();
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<ClaimedDelivery>?> ParkAsync()
    {
        var parked = services.Parked.Park(lane, session);
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(_drain.Token);
        var timeout = Task.Delay(services.Options.IdleTimeout, services.Time, idle.Token);
        await Task.WhenAny(parked.Work, timeout);
        if (!parked.Work.IsCompleted && services.Parked.Take(parked)) parked.Close();
        await idle.CancelAsync();
        return await parked.Work;
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection) await DisconnectAsync(connection);

        // Released before it is settled, a delivery that was sent would be sent again.
        await _settling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await services.Queue.ReleaseAsync(session, CancellationToken.None);
    }

    private async Task DisconnectAsync(SmtpClientSession connection)
    {
        if (!_over && !_abandon.IsCancellationRequested) await connection.QuitAsync();
        await connection.DisposeAsync();
        services.Metrics.Disconnected(lane);
        services.SourceMetrics.Disconnected(source!);
        (_connection, _progress) = (null, false);
    }

    private static Verdict.Failed Expired(QueuedRecipient recipient)
    {
        var explanation = recipient.LastReply is { } last ? $"delivery time expired; last: {last}" : "delivery time expired";
        return new Verdict.Failed(Scope.Message, new EnhancedCode(5, 4, 7), null, explanation);
    }
}
