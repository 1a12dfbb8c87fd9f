using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Webcluster.Protocol.Dns;

namespace Webcluster.TestKit.Dns;

/// <summary>
/// A DNS server for tests: answers like a recursive server from a small table, over UDP and TCP on one free loopback port, and misbehaves
/// for the names it is told to. Records every question it sees.
/// </summary>
public sealed class ZoneServer : IAsyncDisposable
{
    private readonly Socket _udp;
    private readonly TcpListener _tcp;
    private readonly Zone _zone = new();
    private readonly ConcurrentDictionary<string, ZoneBehaviour> _behaviours = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ZoneQuery> _queries = new();
    private readonly SemaphoreSlim _seen = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _loops;

    private ZoneServer(Socket udp, TcpListener tcp)
    {
        (_udp, _tcp) = (udp, tcp);
        EndPoint = (IPEndPoint)udp.LocalEndPoint!;
        _loops = [Task.Run(ServeUdpAsync), Task.Run(ServeTcpAsync)];
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>As the options of a resolver name a server.</summary>
    public string Address => EndPoint.ToString();

    public IReadOnlyList<ZoneQuery> Queries => [.. _queries];

    public static ZoneServer Start()
    {
        for (var tries = 0; ; tries++)
        {
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new TcpListener((IPEndPoint)udp.LocalEndPoint!);
            try
            {
                tcp.Start();
                return new ZoneServer(udp, tcp);
            }
            catch (SocketException) when (tries < 50)
            {
                // The port is free for UDP only: take another.
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    /// <param name="value">As in a zone file: "10 mx.example.com", "192.0.2.1", "3 1 1 00ff", text; for an SOA its minimum.</param>
    public ZoneServer Add(string name, DnsType type, string value, uint ttl = 300)
    {
        _zone.Add(new ZoneRecord(name, type, value, ttl));
        return this;
    }

    public void Clear() => _zone.Clear();

    /// <param name="name">"*" for every name that has no behaviour of its own.</param>
    public ZoneServer Behave(string name, ZoneBehaviour behaviour)
    {
        _behaviours[name] = behaviour;
        return this;
    }

    /// <summary>Questions for this name are seen, and answered when <see cref="Release"/> is called.</summary>
    public void Hold(string name) => _held[name] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release(string name)
    {
        if (_held.TryRemove(name, out var held)) held.SetResult();
    }

    /// <summary>Waits for the next question that no earlier call has waited for.</summary>
    public async Task NextQueryAsync()
    {
        if (!await _seen.WaitAsync(TimeSpan.FromSeconds(30))) throw new TimeoutException("no DNS query came");
    }

    /// <summary>Stops answering; may be called twice, to let a server die within a test.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        _udp.Dispose();
        _tcp.Dispose();
        _stop.Dispose();
        _seen.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        var answers = new List<Task>();
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                var peer = (IPEndPoint)received.RemoteEndPoint;
                if (ZoneWire.ReadQuery(buffer.AsSpan(0, received.ReceivedBytes), overTcp: false, peer.Port) is { } query)
                    answers.Add(AnswerAsync(query, octets => _udp.SendToAsync(octets, SocketFlags.None, peer, _stop.Token).AsTask()));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeTcpAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeConnectionAsync(await _tcp.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeConnectionAsync(TcpClient client)
    {
        using var _ = client;
        var stream = client.GetStream();
        var prefix = new byte[2];
        await stream.ReadExactlyAsync(prefix, _stop.Token);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
        await stream.ReadExactlyAsync(message, _stop.Token);
        if (ZoneWire.ReadQuery(message, overTcp: true, ((IPEndPoint)client.Client.RemoteEndPoint!).Port) is { } query)
            // In two writes, so that a reader which takes a segment for a message fails.
            await AnswerAsync(query, async octets =>
            {
                await stream.WriteAsync(new[] { (byte)(octets.Length >> 8) }, _stop.Token);
                await stream.WriteAsync((byte[])[(byte)octets.Length, .. octets], _stop.Token);
            });
    }

    private async Task AnswerAsync(ZoneQuery query, Func<byte[], Task> send)
    {
        _queries.Enqueue(query);
        _seen.Release();
        if (_held.TryGetValue(query.Name, out var held)) await held.Task.WaitAsync(_stop.Token);
        var behaviour = _behaviours.TryGetValue(query.Name, out var own) ? own : _behaviours.GetValueOrDefault("*");
        foreach (var octets in ZoneReplies.For(query, behaviour, _zone)) await send(octets);
    }
}
