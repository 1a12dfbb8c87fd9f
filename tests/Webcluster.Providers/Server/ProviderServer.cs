using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Webcluster.Providers.Model;
using Webcluster.TestKit.Peers;

namespace Webcluster.Providers.Server;

/// <summary>
/// The mail hosts of one provider, each on a loopback address of its own. A connection counts as open from when it is accepted until the
/// client has closed it, also where this server has not read that yet: so a client that opens one after it has closed another never has
/// two.
/// </summary>
internal sealed class ProviderServer : IAsyncDisposable
{
    private const int Backlog = 1000;

    private readonly Provider _provider;
    private readonly FastClock _clock;
    private readonly X509Certificate2? _certificate;
    private readonly List<Socket> _listeners = [];
    private readonly ConcurrentDictionary<ProviderSession, Task> _sessions = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _admitting = new();
    private readonly Task _accepting;

    private ProviderServer(Provider provider, FastClock clock, IEnumerable<IPEndPoint> hosts)
    {
        (_provider, _clock) = (provider, clock);
        if (provider.Profile.OffersTls) _certificate = PeerCertificate.Create(provider.Profile.Hosts[^1]);
        foreach (var host in hosts)
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(host);
            listener.Listen(Backlog);
            _listeners.Add(listener);
        }

        _accepting = Task.WhenAll(_listeners.Select(listener => Task.Run(() => AcceptAsync(listener))));
    }

    /// <param name="hosts">Those that are alive.</param>
    public static ProviderServer Start(Provider provider, FastClock clock, IEnumerable<IPEndPoint> hosts) => new(provider, clock, hosts);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        await Task.WhenAll(_sessions.Values);
        foreach (var listener in _listeners) listener.Dispose();
        _certificate?.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(_stop.Token);
                var session = Admit(socket);
                var playing = Task.Run(() => PlayAsync(session));
                _sessions.TryUpdate(session, playing, Task.CompletedTask);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the run.
        }
    }

    private ProviderSession Admit(Socket socket)
    {
        lock (_admitting)
        {
            foreach (var other in _sessions.Keys)
                if (other.IsClosedByClient)
                    _provider.Disconnect(other.Admission);
            var admission = _provider.Connect(((IPEndPoint)socket.RemoteEndPoint!).Address);
            var session = new ProviderSession(_provider, admission, socket) { Clock = _clock, Certificate = _certificate };
            _sessions[session] = Task.CompletedTask;
            return session;
        }
    }

    /// <summary>A session that fails stays, so that whoever stops the server learns of it.</summary>
    private async Task PlayAsync(ProviderSession session)
    {
        try
        {
            await session.RunAsync(_stop.Token);
            _sessions.TryRemove(session, out _);
        }
        finally
        {
            _provider.Disconnect(session.Admission);
            session.Dispose();
        }
    }
}
