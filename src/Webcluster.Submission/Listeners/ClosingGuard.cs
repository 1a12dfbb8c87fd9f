using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Webcluster.Submission.Listeners;

/// <summary>
/// Cuts a connection off whose session is over and whose peer does not take the last replies: the transport would wait for it for ever,
/// and the connection counts no more. Looks once a second, by the server's own heartbeat.
/// </summary>
internal sealed class ClosingGuard
{
    private readonly ConnectionContext _connection;
    private readonly TimeProvider _time;
    private readonly TimeSpan _most;
    private long _endedAt;
    private volatile bool _ended;

    public ClosingGuard(ConnectionContext connection, TimeProvider time, TimeSpan most)
    {
        _connection = connection;
        _time = time;
        _most = most;
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static guard => ((ClosingGuard)guard).Look(), this);
    }

    public void SessionEnded()
    {
        _endedAt = _time.GetTimestamp();
        _ended = true;
    }

    private void Look()
    {
        if (_ended && _time.GetElapsedTime(_endedAt) > _most) _connection.Abort();
    }
}
