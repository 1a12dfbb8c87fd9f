namespace Webcluster.Queue.Events;

/// <summary>How long events are kept, and how many.</summary>
public sealed record EventOptions
{
    /// <summary>The node's name, as its events say it.</summary>
    public string Node { get; init; } = "";

    /// <summary>Default 72 h: as long as a message waits at most, by default, and somebody asks for it.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromHours(72);

    /// <summary>The newest so many, from all nodes together; half a kilobyte of the store each. Default 250,000; 0: none are kept.</summary>
    public int Most { get; init; } = 250_000;

    /// <summary>Told of what this node made happen.</summary>
    public IReadOnlyList<IEventListener> Listeners { get; init; } = [];

    internal void Tell(IReadOnlyList<MailEvent> events)
    {
        if (events.Count == 0)
            return;
        foreach (var listener in Listeners)
            listener.Happened(events);
    }
}
