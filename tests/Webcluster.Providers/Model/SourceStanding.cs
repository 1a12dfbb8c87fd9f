namespace Webcluster.Providers.Model;

/// <summary>What one provider knows of one source. Not thread-safe; <see cref="Provider"/> is.</summary>
internal sealed class SourceStanding(ProviderProfile profile)
{
    private readonly TokenBucket? _messages = profile.Limits.Messages is { } rate ? new TokenBucket(rate) : null;
    private readonly TokenBucket? _connections = profile.Limits.ConnectionRate is { } rate ? new TokenBucket(rate) : null;
    private readonly Greylist? _greylist = profile.Greylisting is { } delay ? new Greylist(delay) : null;
    private readonly Reputation? _reputation = profile.Reputation is { } rules ? new Reputation(rules) : null;

    /// <summary>Connections open now, those that were refused included until they are closed.</summary>
    public int Open { get; set; }

    /// <summary>A connection, counted in <see cref="Open"/> already.</summary>
    public RefusalKind? Connect(DateTimeOffset now)
    {
        if (IsBlocked(now)) return RefusalKind.Blocked;
        if (Open > profile.Limits.Connections) return RefusalKind.TooManyConnections;
        return _connections?.TryTake(now) == false ? RefusalKind.ConnectionsTooOften : null;
    }

    /// <param name="before">Messages that this connection has begun.</param>
    public RefusalKind? Begin(int before, DateTimeOffset now)
    {
        if (IsBlocked(now)) return RefusalKind.Blocked;
        if (before >= profile.Limits.MessagesPerConnection) return RefusalKind.TooManyOnConnection;
        return _messages?.TryTake(now) == false ? RefusalKind.TooManyMessages : null;
    }

    public RefusalKind? Recipient(string sender, string recipient, DateTimeOffset now)
    {
        if (UnknownUsers.IsOne(recipient)) return RefusalKind.UnknownUser;
        return _greylist?.MustWait(sender, recipient, now) == true ? RefusalKind.Greylisted : null;
    }

    /// <inheritdoc cref="Reputation.Offend"/>
    public DateTimeOffset? Offend(DateTimeOffset now) => _reputation?.Offend(now);

    private bool IsBlocked(DateTimeOffset now) => _reputation?.IsBlocked(now) == true;
}
