using Webcluster.Queue.Events;

namespace Webcluster.Queue.Redis.Records;

/// <summary>The oldest events of all shards, in their order.</summary>
/// <param name="Taken">How many entries of each part they are.</param>
internal sealed record EventMerge(IReadOnlyList<StoredEvent> Events, int[] Taken)
{
    /// <param name="share">How many each shard was asked for: one that gave so many may have more, which come behind what it gave.</param>
    public static EventMerge Oldest(IReadOnlyList<EventPart> parts, int share, int most)
    {
        var until = parts.Where(part => part.Entries.Length >= share).Select(part => part.TimeOf(part.Entries.Length - 1))
            .DefaultIfEmpty(long.MaxValue).Min();
        var taken = new int[parts.Count];
        var events = new List<StoredEvent>();
        // The shards' clocks are one, and each shard's ids rise: at equal times the shard with the lower number goes first.
        var next = new PriorityQueue<int, (long Time, int Part)>();
        void Offer(int part)
        {
            if (taken[part] < parts[part].Entries.Length) next.Enqueue(part, (parts[part].TimeOf(taken[part]), part));
        }

        for (var part = 0; part < parts.Count; part++) Offer(part);
        for (var count = 0; count < most && next.TryDequeue(out var part, out var at) && at.Time <= until; count++)
        {
            if (EventCode.Read(parts[part].Shard, parts[part].Entries[taken[part]]) is { } read) events.Add(read);
            taken[part]++;
            Offer(part);
        }

        return new EventMerge(events, taken);
    }
}
