using System.Net;
using System.Net.Sockets;

namespace Webcluster.TestKit.Peers;

/// <summary>A port of loopback that leads to another one, with so many octets a second on the way there; back it is not slow.</summary>
public sealed class SlowWay : IAsyncDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _to;
    private readonly int _octetsAStep;
    private readonly Task _accepting;

    public SlowWay(int to, int octetsASecond)
    {
        (_to, _octetsAStep) = (to, (int)(octetsASecond * s_step.TotalSeconds));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var passing = new List<Task>();
        try
        {
            while (true)
                passing.Add(PassAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
        }
        finally
        {
            await Task.WhenAll(passing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PassAsync(Socket client)
    {
        using var peer = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            await peer.ConnectAsync(IPAddress.Loopback, _to, _stopping.Token);
            await Task.WhenAny(CopyAsync(client, peer, isSlow: true), CopyAsync(peer, client, isSlow: false));
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isSlow)
    {
        var buffer = new byte[Math.Max(_octetsAStep, 65_536)];
        var (began, passed) = (TimeProvider.System.GetTimestamp(), 0L);
        while (await from.ReceiveAsync(buffer.AsMemory(0, isSlow ? _octetsAStep : buffer.Length), _stopping.Token) is > 0 and var got)
        {
            for (var sent = 0; sent < got;)
                sent += await to.SendAsync(buffer.AsMemory(sent, got - sent), _stopping.Token);
            passed += got;
            var due = s_step * ((double)passed / _octetsAStep) - TimeProvider.System.GetElapsedTime(began);
            if (isSlow && due > s_step)
                await Task.Delay(due, _stopping.Token);
        }
    }
}
