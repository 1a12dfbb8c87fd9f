using Webcluster.Submission.Auth;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Replies;
using Webcluster.Submission.Sessions;

namespace Webcluster.Submission.Listeners;

/// <summary>Bounds the connections that are open at once, in all and per client network. Safe for concurrent use.</summary>
internal sealed class ConnectionLimiter(SubmissionLimitOptions limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ClientNetwork, int> _perNetwork = [];
    private int _open;
    private int _awaited;

    /// <summary>Bounds the connections whose PROXY header has not come, and of which nothing else is known.</summary>
    /// <returns>Where true, <see cref="HeaderAwaited"/> is to follow.</returns>
    public bool TryAwaitHeader()
    {
        lock (_lock)
        {
            if (_awaited >= limits.Connections) return false;
            _awaited++;
            return true;
        }
    }

    public void HeaderAwaited()
    {
        lock (_lock) _awaited--;
    }

    /// <returns>Null where the connection may stay; it must leave then.</returns>
    public ServerReply? TryEnter(SessionClient client)
    {
        var network = ClientNetwork.Of(client.Address);
        lock (_lock)
        {
            if (_open >= limits.Connections) return ServerReply.TooManyConnections;
            var before = _perNetwork.GetValueOrDefault(network);
            if (before >= limits.ConnectionsPerAddress && !client.IsTrusted) return ServerReply.TooManyConnectionsFromAddress;
            _perNetwork[network] = before + 1;
            _open++;
            return null;
        }
    }

    public void Leave(SessionClient client)
    {
        var network = ClientNetwork.Of(client.Address);
        lock (_lock)
        {
            _open--;
            if (_perNetwork[network] == 1) _perNetwork.Remove(network);
            else _perNetwork[network]--;
        }
    }
}
