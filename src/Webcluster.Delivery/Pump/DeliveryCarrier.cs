using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Providers.Replies;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Sources;
using Webcluster.Delivery.Transfer;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Suppression;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// Carries a session's deliveries, one at a time, to an outcome: where to now, on a connection that has what their domain asks for, and
/// what came of it. What has no outcome goes back with the session's release.
/// </summary>
internal sealed class DeliveryCarrier(
    SessionRunnerServices services, SessionContext session, SessionConnection connection, TrailingSettler settling)
{
    /// <summary>Nothing more can be sent in this session.</summary>
    public bool IsOver { get; private set; }

    public async Task CarryAsync(ClaimedDelivery delivery)
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

        if (await SuppressedAsync(delivery) is { } suppressed)
        {
            await SettleAsync(suppressed, began);
            return;
        }

        var passengers = await Passengers.OfAsync(delivery, session.Lane, services.Router, services.Decider, session.Drain);
        if (passengers.Here is { } destination)
        {
            await AttemptAsync(delivery, passengers, destination);
        }
        else if (passengers.Elsewhere is { } other)
        {
            services.Log.Rerouted(delivery.Id, session.Lane, other);
            await settling.SettleAsync(delivery, other);
        }
        else
        {
            await SettleAsync(passengers.Outcome([]), began);
        }
    }

    /// <summary>
    /// Who of a delivery gets no mail (any more); null: nobody, or all were looked up a moment ago. Where it cannot be known, nothing is
    /// attempted. It is put off then: given back it would be claimed again at once, and each claim costs its provider's limits a message.
    /// </summary>
    private async ValueTask<AttemptOutcome?> SuppressedAsync(ClaimedDelivery delivery)
    {
        if (!services.Suppressions.ChecksBeforeAttempt(services.Time.GetUtcNow() - delivery.AcceptedAt)) return null;
        IReadOnlyList<SuppressionEntry?> entries;
        try
        {
            entries = await services.Suppressions.FindAsync(
                delivery.Envelope.Tenant, [.. delivery.Recipients.Select(recipient => recipient.Address)], session.Drain);
        }
        catch (QueueUnavailableException)
        {
            return new AttemptOutcome(delivery, [.. delivery.Recipients.Select(_ => OutcomePolicy.Unlisted)]);
        }

        return entries.All(entry => entry is null)
            ? null
            : new AttemptOutcome(delivery, [.. entries.Select(entry =>
                entry is null ? OutcomePolicy.WithoutTheSuppressed : OutcomePolicy.Suppressed(entry.Reason))]);
    }

    private async Task AttemptAsync(ClaimedDelivery delivery, Passengers passengers, Destination destination)
    {
        if (await ConnectedAsync(passengers, destination) is not { } transfer) return;
        var began = services.Time.GetTimestamp();
        if (await ContentAsync(delivery, passengers, began) is not { } content) return;
        var recipients = InOneTransaction(passengers.OnBoard);
        var message = new OutgoingMessage(delivery.Envelope, recipients, content) { ReversePath = ReturnPath(delivery, recipients) };
        if (message.CheckAgainst(transfer.Server, services.Options.SendEightBitAnyway) is { } unsendable)
        {
            await SettleAsync(passengers.Outcome(OutcomePolicy.Judge(unsendable)), began);
            return;
        }

        if (delivery.MayHaveBeenSent) ShowTakeover(delivery);
        var result = await transfer.TransferAsync(message, MayCommitAsync);
        var read = await SeeAsync(result, transfer.Carried, services.Time.GetUtcNow() - delivery.AcceptedAt);
        var verdicts = OutcomePolicy.Judge(result, connection.HasProgress, read);
        IsOver = result.Trouble is not null;
        if (OutcomePolicy.MostRecipients(result) is { } most) TookOnly(most, transfer.Peer.Host, recipients.Count);
        // A message that is done with is progress, whichever way; where it goes on at once, the site is not to blame.
        connection.HasProgress |= verdicts.Any(verdict => verdict is not Verdict.Deferred { IsDelay: true });
        await SettleAsync(passengers.Outcome(verdicts), began);
        if (IsOver && !connection.HasProgress && result.Trouble!.Kind != TroubleKind.Abandoned)
            await FailedAsync(transfer.Peer.Host, result.Trouble);
    }

    /// <summary>Null: there is nothing to send now.</summary>
    private async ValueTask<MessageContent?> ContentAsync(ClaimedDelivery delivery, Passengers passengers, long began)
    {
        try
        {
            // Null where it was settled by somebody else meanwhile; the release finds nothing of it either.
            return delivery.Content ?? await services.Queue.ReadContentAsync(session.Id, delivery.Id.Message, session.Drain);
        }
        catch (QueueUnavailableException)
        {
            // Put off, so that one damaged record does not stop its lane.
            await SettleAsync(passengers.Outcome(OutcomePolicy.Unreadable), began);
            return null;
        }
    }

    // The sender's own stays in the envelope, for what this node reports itself. Reports never get one: nothing may answer them.
    private Mailbox? ReturnPath(ClaimedDelivery delivery, IReadOnlyList<QueuedRecipient> recipients) =>
        delivery.Envelope.ReversePath is null || services.ReturnPaths is not { } paths
            ? delivery.Envelope.ReversePath
            : paths.For(
                delivery.Envelope.Tenant, delivery.Id.Message.Value, [.. recipients.Select(recipient => recipient.Address)],
                services.Time.GetUtcNow());

    /// <summary>A delivery has no more recipients than go in one transaction, but what limits it may be newer than the delivery.</summary>
    private IReadOnlyList<QueuedRecipient> InOneTransaction(IReadOnlyList<QueuedRecipient> recipients)
    {
        if (recipients.Count == 1) return recipients;
        var most = services.Offers.RecipientsPerTransaction(session.Lane);
        return recipients.Count > most ? [.. recipients.Take(most)] : recipients;
    }

    private async Task<SmtpClientSession?> ConnectedAsync(Passengers passengers, Destination destination)
    {
        // A domain that asks for more than the connection has must not ride on it.
        if (connection.Current is { } open && !await services.Decider.IsMetAsync(destination.Demand, open.Connection.Host, session.Drain))
            await connection.CloseAsync(quit: true);
        if (connection.Current is null) await ConnectAsync(passengers, destination);
        return connection.Current;
    }

    private async Task ConnectAsync(Passengers passengers, Destination destination)
    {
        if (session.Source is not { } source)
        {
            IsOver = true;
            return;
        }

        var began = services.Time.GetTimestamp();
        var opened = await connection.OpenAsync(destination);
        if (opened.Trouble is not { } trouble) return;
        var failure = new ConnectFailure(trouble, destination.Demand);
        IsOver = failure.EndsSession;
        if (trouble.Kind == TroubleKind.SourceUnusable) services.Sources.LeaveOut(source, trouble.Detail);
        // Untouched it goes back, where another source of the pool reaches the site.
        if (trouble.IsOurs || (trouble.Kind == TroubleKind.OutOfReach && services.Offers.OutOfReach(session.Lane, source))) return;
        var meaning = trouble.Reply is { } reply ? await SeeAsync(source, new Refusal(reply, trouble.Stage)) : null;
        if (IsOver) await FailedAsync(opened.Host, trouble);
        await SettleAsync(passengers.Outcome(failure.Verdict with { Meaning = meaning }), began, opened.Host);
    }

    /// <summary>What the words mean with which a server sends a connection away.</summary>
    private async ValueTask<ReplyClassification> SeeAsync(Source source, Refusal refusal)
    {
        services.Reactions.Tried(session.Lane, source.Name);
        // No mail fails for them, whatever its age.
        return (await services.Reactions.SeeAsync(session.Lane, source.Name, [refusal], TimeSpan.Zero, session.Abandon))[0].Meaning;
    }

    /// <summary>What the server's words mean, for this mail and for the traffic of all nodes.</summary>
    /// <param name="age">Of the mail, since it was accepted.</param>
    private ValueTask<IReadOnlyList<ReadReply>> SeeAsync(TransferResult result, int carried, TimeSpan age)
    {
        var source = session.Source!.Name;
        services.Reactions.Tried(session.Lane, source);
        return services.Reactions.SeeAsync(
            session.Lane, source, [.. result.Refusals().Select(one => new Refusal(one.Reply, one.Stage, carried))], age, session.Abandon);
    }

    private void TookOnly(RecipientBound most, string host, int named)
    {
        var kept = services.Offers.TookOnly(session.Lane, most.Recipients, most.IsSaid);
        services.Log.TookOnly(session.Lane, host, named, most.Recipients, kept.TotalMinutes);
    }

    private void ShowTakeover(ClaimedDelivery delivery)
    {
        services.Metrics.TakenOver(session.Lane, delivery.Recipients.Count);
        services.Log.TakenOver(delivery);
    }

    private async ValueTask<bool> MayCommitAsync()
    {
        // What is not durable in the end shows where the next outcome is settled; here it only keeps the dot back.
        await settling.SoFarAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return settling.IsUpToDate && services.Heartbeat.Holds(session.Lease) && !session.Abandon.IsCancellationRequested;
    }

    private async Task SettleAsync(AttemptOutcome outcome, long began, string? host = null)
    {
        await settling.SoFarAsync();
        var current = connection.Current;
        settling.Begin(
            outcome, new AttemptContext(
                session.Lane, current, host ?? current?.Peer.Host, services.Time.GetElapsedTime(began), session.Source?.Label));
    }

    private async ValueTask FailedAsync(string host, Trouble trouble)
    {
        var (window, pause) = await services.Health.FailedAsync(session.Lane, session.Abandon);
        services.Log.SiteTrouble(session.Lane, host, trouble, window, pause);
    }

    private static Verdict.Failed Expired(QueuedRecipient recipient)
    {
        var explanation = recipient.LastReply is { } last ? $"delivery time expired; last: {last}" : "delivery time expired";
        return new Verdict.Failed(Scope.Message, new EnhancedCode(5, 4, 7), null, explanation) { IsExpiry = true };
    }
}
