using Webcluster.Delivery.Outcomes;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// Settles a session's outcomes one after the other while its next message is already under way. That message's final dot waits for
/// <see cref="SoFarAsync"/>: so at most one delivery a connection can be sent twice, whenever the node dies.
/// </summary>
internal sealed class TrailingSettler(Settler settler, SessionContext session)
{
    private Task _last = Task.CompletedTask;

    /// <summary>Every outcome until now is durable.</summary>
    public bool IsUpToDate => _last.IsCompletedSuccessfully;

    /// <summary>Completes when every outcome until now is durable.</summary>
    public Task SoFarAsync() => _last;

    /// <summary>Begins to settle an outcome. Whoever calls has awaited what was before it.</summary>
    public void Begin(AttemptOutcome outcome, AttemptContext context) =>
        _last = settler.SettleAsync(session.Id, outcome, context, session.Abandon);

    /// <summary>Sends a delivery to another lane. Completes when that is durable, as is all that was before it.</summary>
    public async Task SettleAsync(ClaimedDelivery rerouted, LaneKey to)
    {
        await _last;
        await settler.RerouteAsync(session.Id, rerouted, (session.Lane, to), session.Abandon);
    }

    /// <summary>Waits for what is on its way, whatever comes of it.</summary>
    public async Task EndAsync() => await _last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
