using System.Net.Sockets;
using System.Text;

namespace Webcluster.Benchmarks.Latency;

/// <summary>One client's connection: a mail is two groups of commands, and two waits.</summary>
internal sealed class SmtpSender(Load load) : IDisposable
{
    private static readonly byte[] s_hello = "EHLO client.example\r\n"u8.ToArray();
    private static readonly byte[] s_quit = "QUIT\r\n"u8.ToArray();

    private readonly byte[] _envelope = Encoding.ASCII.GetBytes($"MAIL FROM:<{load.Sender}>\r\nRCPT TO:<{load.Recipient}>\r\nDATA\r\n");
    private readonly NumberedMail _mail = load.Mail();
    private readonly byte[] _replies = new byte[4096];
    private int _start, _end;
    private Socket? _socket;

    /// <summary>A mail that is refused, or whose connection breaks, is not tried again.</summary>
    public async Task SendAsync(int number, long late, Flights flights, CancellationToken cancellation)
    {
        var accepted = false;
        try
        {
            if (_socket is null) await ConnectAsync(cancellation);
            accepted = await CarryAsync(number, late, flights, cancellation);
            if (load.IsFresh && _socket is not null) await AskAsync(s_quit, '2', cancellation);
        }
        catch (SocketException)
        {
            Close();
        }

        if (accepted) flights.Accept(number);
        else flights.Refuse();
        if (load.IsFresh) Close();
    }

    public void Dispose() => Close();

    private async Task<bool> CarryAsync(int number, long late, Flights flights, CancellationToken cancellation)
    {
        var from = await AskAsync(_envelope, '2', cancellation);
        var to = await ReplyAsync('2', cancellation);
        var data = await ReplyAsync('3', cancellation);
        if (!from || !to || !data)
        {
            // Whether the server now awaits content or a command, a new connection knows.
            Close();
            return false;
        }

        flights.Dot(number, late);
        return await AskAsync(_mail.Numbered(number), '2', cancellation);
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        (_start, _end) = (0, 0);
        await _socket.ConnectAsync(load.Server, cancellation);
        if (!await ReplyAsync('2', cancellation) || !await AskAsync(s_hello, '2', cancellation))
            throw new SocketException((int)SocketError.ConnectionRefused);
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async ValueTask<bool> AskAsync(ReadOnlyMemory<byte> octets, char good, CancellationToken cancellation)
    {
        while (octets.Length > 0) octets = octets[await _socket!.SendAsync(octets, cancellation)..];
        return await ReplyAsync(good, cancellation);
    }

    /// <returns>Whether the reply's first digit is the good one.</returns>
    private async ValueTask<bool> ReplyAsync(char good, CancellationToken cancellation)
    {
        while (true)
        {
            var length = _replies.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length < 0)
            {
                await ReceiveAsync(cancellation);
                continue;
            }

            var (isLast, isGood) = (length < 4 || _replies[_start + 3] != '-', _replies[_start] == good);
            _start += length + 1;
            if (isLast) return isGood;
        }
    }

    private async ValueTask ReceiveAsync(CancellationToken cancellation)
    {
        _replies.AsSpan(_start.._end).CopyTo(_replies);
        (_start, _end) = (0, _end - _start);
        var octets = await _socket!.ReceiveAsync(_replies.AsMemory(_end), cancellation);
        if (octets == 0) throw new SocketException((int)SocketError.ConnectionReset);
        _end += octets;
    }
}
