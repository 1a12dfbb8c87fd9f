using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Webcluster.Benchmarks.Latency;

/// <summary>A server that takes every mail, as cheaply as it can be done.</summary>
/// <param name="taken">Told the number (<see cref="NumberedMail"/>) of each mail once its reply is written; from any thread.</param>
internal sealed class MailSink(int port, Action<int> taken) : IDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Task, bool> _sessions = new();

    public void Listen()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(backlog: 4096);
    }

    /// <summary>Until it is cancelled; the sessions there are end with it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var session = new SinkSession(await _listener.AcceptAsync(cancellation), taken).RunAsync(cancellation);
                _sessions[session] = true;
                _ = session.ContinueWith(ended => _sessions.TryRemove(ended, out _), TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(_sessions.Keys);
        }
    }

    public void Dispose() => _listener.Dispose();
}
