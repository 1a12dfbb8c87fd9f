using Webcluster.Delivery.Connections;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.Transfer;
using Webcluster.Delivery.TransportSecurity;

namespace Webcluster.Delivery.Pump;

/// <summary>The one connection that a session has at a time. Drained and abandoned from any thread, all else by the session.</summary>
internal sealed class SessionConnection(SessionRunnerServices services, SessionContext session)
{
    private readonly Dictionary<TlsDemand, Opened> _refused = [];
    private volatile SmtpClientSession? _current;

    /// <summary>Null: none is open.</summary>
    public SmtpClientSession? Current => _current;

    /// <summary>A message was done with on it: it cannot be lost over the same one for ever.</summary>
    public bool HasProgress { get; set; }

    public void Drain() => _current?.Drain(SmtpClientSession.Stopping);

    public void Abandon() => _current?.Abandon(SmtpClientSession.Stopping);

    /// <summary>Opens it. What a domain alone asks for and could not have is not tried again.</summary>
    public async Task<Opened> OpenAsync(Destination destination)
    {
        if (!_refused.TryGetValue(destination.Demand, out var opened))
        {
            opened = await services.Connector.OpenAsync(destination, session.Source!, session.Drain);
            services.Metrics.Connected(session.Lane, opened.Connection is not null);
            services.SourceMetrics.Connected(session.Source!, opened.Connection is not null);
        }

        if (opened.Connection is { } connection)
        {
            var transfer = _current = new SmtpClientSession(connection, services.Options.Timeouts);
            // A drain that came while connecting found no connection to tell.
            if (session.Drain.IsCancellationRequested) transfer.Drain(SmtpClientSession.Stopping);
        }
        else if (new ConnectFailure(opened.Trouble!, destination.Demand).IsOfDomain)
        {
            _refused[destination.Demand] = opened;
        }

        return opened;
    }

    /// <summary>Does nothing where none is open.</summary>
    /// <param name="quit">The server still listens.</param>
    public async Task CloseAsync(bool quit)
    {
        if (_current is not { } connection) return;
        if (quit && !session.Abandon.IsCancellationRequested) await connection.QuitAsync();
        await connection.DisposeAsync();
        services.Metrics.Disconnected(session.Lane);
        services.SourceMetrics.Disconnected(session.Source!);
        (_current, HasProgress) = (null, false);
    }
}
