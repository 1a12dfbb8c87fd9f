using Webcluster.Node.Webhooks.Sending;
using Webcluster.Node.Webhooks.State;
using Webcluster.Protocol.Units;

namespace Webcluster.Node.Webhooks.Pump;

/// <summary>
/// What requests say of their endpoint as a whole. Well: everything goes. After five events in a row that it did not take, or when it asks
/// for time, it rests: one probe at a time, after 5 s, 10 s ... 1 min, until one is taken. Disabled by 410, by five days without anything
/// taken, or by an operator: nothing goes until an operator enables it. Not safe for concurrent use.
/// </summary>
internal sealed class EndpointHealth(string endpoint, EndpointState state, WebhookLog log)
{
    private const int FailuresToRest = 5;

    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestFailing = TimeSpan.FromDays(5);

    // Parcels that failed since one was taken: one that fails again and again says nothing of the others.
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    public bool IsResting => state.Rest is not null;

    /// <summary>A parcel was taken.</summary>
    public void Took(bool probe)
    {
        state.FailingSince = null;
        _failed.Clear();
        // What was under way when the rest began says nothing of now.
        if (!probe || !IsResting) return;
        state.Rest = null;
        log.Recovered(endpoint, state.Parked.All.Count);
    }

    /// <summary>A parcel was not taken.</summary>
    public void Failed(Flight flight, SendResult result, DateTimeOffset now)
    {
        var error = result.Error ?? "it was not taken";
        state.FailingSince ??= now;
        if (now - state.FailingSince >= LongestFailing)
        {
            Disable($"nothing was taken for {Duration.Format(LongestFailing)}, at last: {error}", now);
            return;
        }

        if (state.Rest is { } rest)
        {
            var longer = rest.Step * 2 < LongestRest ? rest.Step * 2 : LongestRest;
            if (flight.IsProbe) Rest(longer, result.RetryAfter, now);
            else if (result.RetryAfter is { } asked && now + asked > rest.Until) state.Rest = rest with { Until = now + asked };
            return;
        }

        _failed.Add(flight.Parcel.Id);
        if (result.Verdict != SendVerdict.SlowDown && _failed.Count < FailuresToRest) return;
        log.Resting(endpoint, error);
        Rest(FirstRest, result.RetryAfter, now);
    }

    public void Disable(string reason, DateTimeOffset now)
    {
        if (state.Disabled is not null) return;
        state.Disabled = new Disablement(now, reason);
        log.Disabled(endpoint, reason);
    }

    public void Enable(string author, DateTimeOffset now)
    {
        (state.Disabled, state.Rest, state.FailingSince) = (null, null, null);
        _failed.Clear();
        state.Parked.MakeDue(now);
        log.Enabled(endpoint, author);
    }

    private void Rest(TimeSpan step, TimeSpan? asked, DateTimeOffset now)
    {
        _failed.Clear();
        state.Rest = new Rest(now + (asked > step ? asked.Value : step), step);
    }
}
