using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Webcluster.TestKit.Peers;

/// <summary>
/// A small SOCKS5 proxy that really relays: CONNECT to addresses, from an address of its own, for anybody or for one user. It can be told
/// to answer every CONNECT with a code instead.
/// </summary>
public sealed class SocksProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPAddress _from;
    private readonly string? _userAndPassword;
    private readonly Task _serving;

    private SocksProxy(IPAddress from, string? userAndPassword)
    {
        (_from, _userAndPassword) = (from, userAndPassword);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _serving = Task.Run(ServeAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Where it was asked to connect to.</summary>
    public ConcurrentQueue<IPEndPoint> Asked { get; } = new();

    /// <summary>What it answers every CONNECT with; 0: what came of it.</summary>
    public byte Refusal { get; set; }

    /// <param name="from">What its connections leave from.</param>
    /// <param name="userAndPassword">"user:password"; null: anybody may.</param>
    public static SocksProxy Start(string from, string? userAndPassword = null) => new(IPAddress.Parse(from), userAndPassword);

    /// <summary>Ends what it relays; nobody listens any more.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true) clients.Add(ServeAsync(await _listener.AcceptAsync(_stop.Token)));
        }
        finally
        {
            await Task.WhenAll(clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var client = new NetworkStream(socket, ownsSocket: true);
        if (!await AdmitAsync(client)) return;
        var target = await TargetAsync(client);
        Asked.Enqueue(target);
        using var outgoing = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var code = Refusal;
        if (code == 0)
        {
            try
            {
                outgoing.Bind(new IPEndPoint(_from, 0));
                await outgoing.ConnectAsync(target, _stop.Token);
            }
            catch (SocketException)
            {
                code = 5;
            }
        }

        await client.WriteAsync(new byte[] { 5, code, 0, 1, 0, 0, 0, 0, 0, 0 }, _stop.Token);
        if (code != 0) return;
        await using var server = new NetworkStream(outgoing);
        await Task.WhenAny(client.CopyToAsync(server, _stop.Token), server.CopyToAsync(client, _stop.Token));
    }

    private async Task<bool> AdmitAsync(NetworkStream client)
    {
        var head = await ReadAsync(client, 2);
        var methods = await ReadAsync(client, head[1]);
        var wanted = (byte)(_userAndPassword is null ? 0 : 2);
        var offered = methods.Contains(wanted);
        await client.WriteAsync(new byte[] { 5, offered ? wanted : (byte)255 }, _stop.Token);
        if (!offered || _userAndPassword is null) return offered;
        await ReadAsync(client, 1);
        var user = Encoding.UTF8.GetString(await ReadAsync(client, (await ReadAsync(client, 1))[0]));
        var password = Encoding.UTF8.GetString(await ReadAsync(client, (await ReadAsync(client, 1))[0]));
        var right = $"{user}:{password}" == _userAndPassword;
        await client.WriteAsync(new byte[] { 1, right ? (byte)0 : (byte)1 }, _stop.Token);
        return right;
    }

    private async Task<IPEndPoint> TargetAsync(NetworkStream client)
    {
        var head = await ReadAsync(client, 4);
        var address = new IPAddress(await ReadAsync(client, head[3] == 4 ? 16 : 4));
        return new IPEndPoint(address, BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(client, 2)));
    }

    private async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        var octets = new byte[count];
        await stream.ReadExactlyAsync(octets, _stop.Token);
        return octets;
    }
}
