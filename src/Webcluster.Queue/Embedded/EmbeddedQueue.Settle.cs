using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Embedded.Writing;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;

namespace Webcluster.Queue.Embedded;

public sealed partial class EmbeddedQueue
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<SettleVerdict>> SettleAsync(
        SessionId session, IReadOnlyList<Settlement> outcomes, CancellationToken cancellation)
    {
        var records = SettlePlan.Encode(outcomes);
        var events = outcomes.Select(outcome => outcome.Events.Select(EventRow.Of).ToList()).ToList();
        SettlePlan plan;
        lock (_index.Gate)
        {
            plan = _index.Plan(session, outcomes, records);
            plan.Events = [.. events.Where((_, i) => plan.Verdicts[i] != SettleVerdict.Refused).SelectMany(rows => rows)];
            if (!plan.MustBeWritten)
            {
                _index.Finish(plan);
                return plan.Verdicts;
            }
        }
        await WriteAsync(plan, cancellation);
        _events.Tell(outcomes, plan.Verdicts);
        return plan.Verdicts;
    }

    /// <summary>Tries until it is durable; given up by cancellation, or when the queue is closed.</summary>
    private async Task WriteAsync(SettlePlan plan, CancellationToken cancellation)
    {
        var written = false;
        try
        {
            for (var pause = FirstPause; ; pause = Min(pause * 2, LongestPause))
            {
                var operation = new SettleOperation(plan);
                ObjectDisposedException.ThrowIf(!await _writer.TryHandOverAsync(operation, cancellation), this);
                written = await operation.Completion;
                if (written)
                    return;
                // Where the disk is full, an outcome matters more than what there is to tell of it.
                if (!_health.IsAccepting(out var why) && why is EnqueueResult.Full)
                    plan.Events = [];
                await Task.Delay(pause, _time, cancellation);
            }
        }
        finally
        {
            if (!written)
                lock (_index.Gate)
                    _index.GiveUp(plan);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
