using System.Diagnostics;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Replies;
using Webcluster.Submission.Sessions;

namespace Webcluster.Submission.Listeners;

/// <summary>Bounds the connections that are open at once, in all and per client network. Safe for concurrent use.</summary>
internal sealed class ConnectionLimiter(SubmissionLimitOptions limits)
{
    private readonly OpenConnections _open = new(limits.Connections, limits.ConnectionsPerAddress);
    private int _awaited;

    /// <summary>Bounds the connections whose PROXY header has not come, and of which nothing else is known.</summary>
    /// <returns>Where true, <see cref="HeaderAwaited"/> is to follow.</returns>
    public bool TryAwaitHeader()
    {
        if (Interlocked.Increment(ref _awaited) <= limits.Connections) return true;
        HeaderAwaited();
        return false;
    }

    public void HeaderAwaited() => Interlocked.Decrement(ref _awaited);

    /// <returns>Null where the connection may stay; it must leave then.</returns>
    public ServerReply? TryEnter(SessionClient client) => _open.TryEnter(client.Address, client.IsTrusted) switch
    {
        ConnectionBound.None => null,
        ConnectionBound.InAll => ServerReply.TooManyConnections,
        ConnectionBound.PerClient => ServerReply.TooManyConnectionsFromAddress,
        _ => throw new UnreachableException(),
    };

    public void Leave(SessionClient client) => _open.Leave(client.Address);
}
