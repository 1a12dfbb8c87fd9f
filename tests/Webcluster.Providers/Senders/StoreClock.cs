using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Webcluster.Providers.Senders;

/// <summary>
/// Stands between nodes and their Redis, which libfaketime cannot be loaded into, and gives every script the time: where a node asks for the
/// server's clock (its first argument is 0), that of the run is put in. All else goes through as it is.
/// </summary>
internal sealed class StoreClock : IAsyncDisposable
{
    private const int Backlog = 100;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly Func<DateTimeOffset> _now;
    private readonly int _redis;
    private readonly Task _accepting;

    private StoreClock(int redis, Func<DateTimeOffset> now)
    {
        (_redis, _now) = (redis, now);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Ports.Free()));
        _listener.Listen(Backlog);
        _accepting = Task.Run(AcceptAsync);
    }

    public string Address => _listener.LocalEndPoint!.ToString()!;

    /// <param name="redis">Its port.</param>
    public static StoreClock Start(int redis, Func<DateTimeOffset> now) => new(redis, now);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var node = await _listener.AcceptAsync(_stop.Token);
                _connections.Add(Task.Run(() => CarryAsync(node)));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the run.
        }
    }

    private async Task CarryAsync(Socket node)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        try
        {
            var redis = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            node.NoDelay = true;
            await using var here = new NetworkStream(node, ownsSocket: true);
            await redis.ConnectAsync(IPAddress.Loopback, _redis, ended.Token);
            await using var there = new NetworkStream(redis, ownsSocket: true);
            await Task.WhenAny(there.CopyToAsync(here, ended.Token), AskAsync(PipeReader.Create(here), there, ended.Token));
            await ended.CancelAsync();
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or IOException)
        {
            // Either side went away, or the run has ended.
        }
    }

    private async Task AskAsync(PipeReader node, NetworkStream redis, CancellationToken cancellation)
    {
        var output = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await node.ReadAsync(cancellation);
            var rest = read.Buffer;
            while (TryCommand(ref rest, output)) { }
            node.AdvanceTo(rest.Start, rest.End);
            if (output.WrittenCount > 0) await redis.WriteAsync(output.WrittenMemory, cancellation);
            output.ResetWrittenCount();
            if (read.IsCompleted) return;
        }
    }

    /// <returns>False where it has not come whole.</returns>
    private bool TryCommand(ref ReadOnlySequence<byte> rest, ArrayBufferWriter<byte> output)
    {
        var reader = new SequenceReader<byte>(rest);
        if (!TryNumber(ref reader, out var count)) return false;
        var arguments = new List<byte[]>();
        for (var i = 0; i < count; i++)
        {
            if (!TryNumber(ref reader, out var length) || reader.Remaining < length + 2) return false;
            arguments.Add(reader.Sequence.Slice(reader.Position, length).ToArray());
            reader.Advance(length + 2);
        }

        rest = rest.Slice(reader.Position);
        Write(output, WithTime(arguments));
        return true;
    }

    private List<byte[]> WithTime(List<byte[]> arguments)
    {
        // EVALSHA script keys key... argument...
        if (arguments.Count < 4 || !Encoding.ASCII.GetString(arguments[0]).StartsWith("EVAL", StringComparison.OrdinalIgnoreCase)) return arguments;
        if (!Utf8Parser.TryParse(arguments[2], out int keys, out _) || 3 + keys >= arguments.Count) return arguments;
        if (arguments[3 + keys] is [(byte)'0'])
            arguments[3 + keys] = Encoding.ASCII.GetBytes(((_now() - DateTimeOffset.UnixEpoch).Ticks / 10).ToString(CultureInfo.InvariantCulture));
        return arguments;
    }

    /// <summary>A line of a mark and a number.</summary>
    private static bool TryNumber(ref SequenceReader<byte> reader, out int number)
    {
        number = 0;
        return reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8) && Utf8Parser.TryParse(line.Slice(1).ToArray(), out number, out _);
    }

    private static void Write(ArrayBufferWriter<byte> output, List<byte[]> arguments)
    {
        output.Write(Encoding.ASCII.GetBytes($"*{arguments.Count}\r\n"));
        foreach (var argument in arguments)
        {
            output.Write(Encoding.ASCII.GetBytes($"${argument.Length}\r\n"));
            output.Write(argument);
            output.Write("\r\n"u8);
        }
    }
}
