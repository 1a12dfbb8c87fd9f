using Webcluster.Queue.Events;

namespace Webcluster.Queue.Settling;

internal static class SettledEvents
{
    /// <summary>Tells of the outcomes that count.</summary>
    public static void Tell(this EventOptions events, IReadOnlyList<Settlement> outcomes, IReadOnlyList<SettleVerdict> verdicts)
    {
        for (var i = 0; i < outcomes.Count; i++)
            if (verdicts[i] != SettleVerdict.Refused)
                events.Tell(outcomes[i].Events);
    }
}
