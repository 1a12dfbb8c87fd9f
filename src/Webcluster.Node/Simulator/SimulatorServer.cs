using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Tls;

namespace Webcluster.Node.Simulator;

/// <summary>
/// The simulator's listeners, on a server of their own: it starts before delivery and stops after it, so that mail on its way there
/// arrives.
/// </summary>
internal sealed class SimulatorServer : IHostedService, IDisposable
{
    private const int MostConnections = 5_000;
    private static readonly TimeSpan WriteTime = TimeSpan.FromMinutes(1);

    private readonly KestrelServer _server;
    private readonly SimulatorMailbox _mailbox;
    private readonly ICertificateSource _certificates;
    private readonly TimeProvider _time;
    private readonly List<ListenOptions> _listeners = [];

    public SimulatorServer(
        SimulatorOptions options, SimulatorMailbox mailbox, ICertificateSource certificates, TimeProvider time, ILoggerFactory logs)
    {
        (_mailbox, _certificates, _time) = (mailbox, certificates, time);
        var kestrel = new KestrelServerOptions();
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        Listen(kestrel, Endpoints.Parse(options.Listen), new SimulatorFaultOptions { Fault = ConnectionFault.None });
        foreach (var (address, fault) in options.FaultListeners()) Listen(kestrel, address, fault);
        var transport = new ListeningTransport(Options.Create(new SocketTransportOptions()), logs);
        _server = new KestrelServer(Options.Create(kestrel), transport, logs);
    }

    /// <summary>Where it listens, once started: first the ordinary listener, then the faulty ones as configured.</summary>
    public IEnumerable<IPEndPoint> Addresses => _listeners.Select(listener => (IPEndPoint)listener.EndPoint);

    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(new NoHttp(), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public void Dispose() => _server.Dispose();

    private void Listen(KestrelServerOptions kestrel, IPEndPoint address, SimulatorFaultOptions fault)
    {
        kestrel.Listen(address, listener =>
        {
            _listeners.Add(listener);
            listener.Run(connection => ServeAsync(connection, fault));
        });
    }

    private async Task ServeAsync(ConnectionContext context, SimulatorFaultOptions fault)
    {
        var stopping = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        await using var connection = new SmtpConnection(context.Transport, _time, WriteTime);
        await using var interrupting = stopping.Register(connection.Interrupt);
        var session = new SimulatorSession(connection, fault, _mailbox, _certificates, _time)
        {
            Client = context.RemoteEndPoint?.ToString() ?? "",
        };
        await session.RunAsync(stopping);
        if (connection.IsStalled) context.Abort();
    }

    /// <summary>None of the listeners speaks HTTP.</summary>
    private sealed class NoHttp : IHttpApplication<object>
    {
        public object CreateContext(IFeatureCollection contextFeatures) => throw new NotSupportedException();

        public Task ProcessRequestAsync(object context) => throw new NotSupportedException();

        public void DisposeContext(object context, Exception? exception) { }
    }
}
