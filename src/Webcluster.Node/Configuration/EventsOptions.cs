using Webcluster.Queue.Events;

namespace Webcluster.Node.Configuration;

/// <summary>What is kept of what happened to mail, in the queue's store: timelines of messages, and what webhooks pass on.</summary>
public sealed class EventsOptions
{
    /// <summary>How long events are kept. Default 72h.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromHours(72);

    /// <summary>The newest so many are kept, from all nodes together; each takes half a kilobyte of the store. Default 250000.</summary>
    public int Most { get; set; } = 250_000;

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Keep < TimeSpan.FromMinutes(1) || Keep > TimeSpan.FromDays(90)) yield return ("keep", "must be 1m to 90d");
        if (Most is < 1000 or > 100_000_000) yield return ("most", "must be 1000 to 100000000");
    }

    internal EventOptions ToQueue(string node, IReadOnlyList<IEventListener> listeners) =>
        new() { Node = node, Keep = Keep, Most = Most, Listeners = listeners };
}
