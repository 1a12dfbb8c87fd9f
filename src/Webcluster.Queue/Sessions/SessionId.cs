namespace Webcluster.Queue.Sessions;

/// <summary>
/// Names a session: the right of one node to hold one connection for one lane, with the deliveries claimed for it. Also its fencing
/// token: never used again.
/// </summary>
public readonly record struct SessionId(Guid Value)
{
    public static SessionId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString("N")[^12..];
}

/// <summary>Names a running node; a restarted process is another node.</summary>
public sealed record NodeId(string Value)
{
    public override string ToString() => Value;
}
