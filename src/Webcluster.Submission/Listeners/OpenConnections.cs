using System.Net;
using Webcluster.Submission.Auth;

namespace Webcluster.Submission.Listeners;

/// <summary>
/// Counts what is open at once, in all and per client, and lets no more in. A client is one IPv4 address or one IPv6 /64. Safe for
/// concurrent use.
/// </summary>
public sealed class OpenConnections(int most, int mostPerClient)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ClientNetwork, int> _perClient = [];
    private int _open;

    /// <param name="isTrusted">Bounded in all, but not per client.</param>
    /// <returns>Where <see cref="ConnectionBound.None"/>, <see cref="Leave"/> is to follow.</returns>
    public ConnectionBound TryEnter(IPAddress address, bool isTrusted = false)
    {
        var client = ClientNetwork.Of(address);
        lock (_lock)
        {
            if (_open >= most) return ConnectionBound.InAll;
            var before = _perClient.GetValueOrDefault(client);
            if (before >= mostPerClient && !isTrusted) return ConnectionBound.PerClient;
            _perClient[client] = before + 1;
            _open++;
            return ConnectionBound.None;
        }
    }

    public void Leave(IPAddress address)
    {
        var client = ClientNetwork.Of(address);
        lock (_lock)
        {
            _open--;
            if (_perClient[client] == 1) _perClient.Remove(client);
            else _perClient[client]--;
        }
    }
}

/// <summary>What keeps a connection out.</summary>
public enum ConnectionBound
{
    None,
    InAll,
    PerClient,
}
