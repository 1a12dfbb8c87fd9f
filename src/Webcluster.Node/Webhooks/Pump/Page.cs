using Webcluster.Node.Webhooks.State;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Webhooks.Pump;

/// <summary>What was read of the event log, less what is not wanted: worked off before the next is read.</summary>
internal sealed class Page(Position position, EventPage read, List<StoredEvent> pending)
{
    public Position Position => position;

    /// <summary>Where the next begins.</summary>
    public string Next => read.Cursor;

    /// <summary>In order, without what is under way.</summary>
    public List<StoredEvent> Pending => pending;

    /// <summary>Null: the page is of what happens now.</summary>
    public Replay? Replay { get; init; }

    /// <summary>The last of its replay.</summary>
    public bool IsLast { get; init; }

    /// <summary>There was no room to park what failed: the rest waits.</summary>
    public DateTimeOffset NotBefore { get; set; }
}
