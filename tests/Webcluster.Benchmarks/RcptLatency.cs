using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Webcluster.Benchmarks;

/// <summary>How long a real SMTP session waits for the reply to RCPT, one recipient after the other.</summary>
internal sealed class RcptLatency(IPEndPoint server, int count) : IDisposable
{
    private const int PerTransaction = 100;
    private const int WarmUp = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[4096];

    /// <returns>All of them but the first, which find a cold program.</returns>
    public async Task<List<TimeSpan>> RunAsync(CancellationToken cancellation)
    {
        await _socket.ConnectAsync(server, cancellation);
        await ReplyAsync(cancellation);
        await AskAsync("EHLO bench.example\r\n", cancellation);
        var times = new List<TimeSpan>(count + WarmUp);
        while (times.Count < count + WarmUp)
        {
            await BeginAsync(cancellation);
            for (var i = 0; i < PerTransaction; i++)
            {
                var command = $"RCPT TO:<nobody{times.Count}@absent{i}.example>\r\n";
                var began = Stopwatch.GetTimestamp();
                var reply = await AskAsync(command, cancellation);
                times.Add(Stopwatch.GetElapsedTime(began));
                if (!reply.StartsWith("250", StringComparison.Ordinal)) throw new InvalidOperationException($"RCPT is answered {reply}");
            }

            await AskAsync("RSET\r\n", cancellation);
        }

        return times[WarmUp..];
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>A shared store that has just started takes no mail for a moment.</summary>
    private async Task BeginAsync(CancellationToken cancellation)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(100, cancellation))
        {
            var reply = await AskAsync("MAIL FROM:<sender@bench.example>\r\n", cancellation);
            if (reply.StartsWith("250", StringComparison.Ordinal)) return;
            if (Stopwatch.GetElapsedTime(began) > Patience) throw new InvalidOperationException($"MAIL is answered {reply}");
        }
    }

    private async ValueTask<string> AskAsync(string command, CancellationToken cancellation)
    {
        await _socket.SendAsync(Encoding.ASCII.GetBytes(command), cancellation);
        return await ReplyAsync(cancellation);
    }

    /// <summary>A reply comes in one piece: the server waits for the next command.</summary>
    private async ValueTask<string> ReplyAsync(CancellationToken cancellation)
    {
        var length = 0;
        do
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancellation);
            if (read == 0) throw new InvalidOperationException("The server has closed the connection.");
            length += read;
        }
        while (_buffer[length - 1] != '\n');
        return Encoding.ASCII.GetString(_buffer, 0, length);
    }
}
