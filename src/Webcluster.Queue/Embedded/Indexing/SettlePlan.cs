using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Settling;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>One delivery that an outcome changes.</summary>
/// <param name="Settler">The session the delivery goes back to where the outcome is given up; null for a late outcome.</param>
/// <param name="Due">For a deferral: when it is due, in UTC ticks.</param>
/// <param name="Record">For a deferral: who remains, as stored.</param>
internal sealed record SettleChange(Delivery Delivery, Session? Settler, Settlement Outcome, long Due, byte[]? Record);

/// <summary>What one call of settling is about to do: its deliveries belong to the writer until the plan is finished or given up.</summary>
/// <param name="Duplicates">Deliveries that another session has: sent twice, to be marked.</param>
internal sealed record SettlePlan(SettleVerdict[] Verdicts, List<SettleChange> Changes, List<Delivery> Duplicates)
{
    /// <summary>Of those outcomes that count.</summary>
    public IReadOnlyList<EventRow> Events { get; set; } = [];

    /// <summary>Giving back changes nothing that is stored.</summary>
    public bool MustBeWritten => Events.Count > 0 || Duplicates.Count > 0 || Changes.Exists(change => change.Outcome is not Settlement.Returned);

    /// <summary>An earlier outcome of the same call has taken it.</summary>
    public bool Has(Delivery delivery) => Changes.Exists(change => change.Delivery == delivery);

    /// <summary>Records of who remains, made before the gate is taken; null for other outcomes.</summary>
    public static byte[]?[] Encode(IReadOnlyList<Settlement> outcomes)
    {
        var records = new byte[]?[outcomes.Count];
        for (var i = 0; i < records.Length; i++)
            if (outcomes[i] is Settlement.Deferred deferred)
                records[i] = deferred.Remaining.Count > 0
                    ? RecipientsCodec.Encode(deferred.Remaining)
                    : throw new ArgumentException("A deferral names at least one remaining recipient.", nameof(outcomes));
        return records;
    }
}
