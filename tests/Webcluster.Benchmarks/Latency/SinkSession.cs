using System.Net.Sockets;

namespace Webcluster.Benchmarks.Latency;

/// <summary>
/// One connection of a <see cref="MailSink"/>. Commands are known by their first letters; what a peer sends in one group is answered in
/// one.
/// </summary>
internal sealed class SinkSession(Socket socket, Action<int> taken)
{
    private const int MostOctets = 64 * 1024 * 1024;
    private const int NumberIsWithin = 8192;

    private static readonly byte[] s_endOfLine = "\r\n"u8.ToArray();
    private static readonly byte[] s_endOfContent = "\r\n.\r\n"u8.ToArray();

    private readonly byte[] _replies = new byte[4096];
    private byte[] _received = new byte[32 * 1024];
    private int _start, _end, _reply;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var _ = socket;
        socket.NoDelay = true;
        try
        {
            await ReplyAsync("220 sink.example ESMTP\r\n"u8.ToArray(), cancellation);
            var goesOn = true;
            while (goesOn && await FindAsync(s_endOfLine, cancellation) is var length and >= 0)
                goesOn = await ObeyAsync(length, cancellation);
            await FlushAsync(cancellation);
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
            // The peer has gone, or the bench is over.
        }
    }

    /// <returns>False where the session is over.</returns>
    private ValueTask<bool> ObeyAsync(int length, CancellationToken cancellation)
    {
        var verb = length == 0 ? '\0' : (char)(_received[_start] & ~0x20);
        _start += length + s_endOfLine.Length;
        switch (verb)
        {
            case 'D':
                Reply("354 go on\r\n"u8);
                return TakeAsync(cancellation);
            case 'E':
                Reply("250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n"u8);
                return new(true);
            case 'Q':
                Reply("221 bye\r\n"u8);
                return new(false);
            default:
                Reply("250 ok\r\n"u8);
                return new(true);
        }
    }

    private async ValueTask<bool> TakeAsync(CancellationToken cancellation)
    {
        // The end of DATA's own line is the first half of the end of a content without lines.
        _start -= s_endOfLine.Length;
        var length = await FindAsync(s_endOfContent, cancellation);
        if (length < 0) return false;
        var number = NumberedMail.NumberOf(_received.AsSpan(_start, Math.Min(length, NumberIsWithin)));
        _start += length + s_endOfContent.Length;
        await ReplyAsync("250 ok\r\n"u8.ToArray(), cancellation);
        taken(number);
        return true;
    }

    /// <returns>How far from here the mark begins; less than 0 where the peer goes before it comes.</returns>
    private async ValueTask<int> FindAsync(byte[] mark, CancellationToken cancellation)
    {
        for (var looked = 0; ;)
        {
            var at = _received.AsSpan(_start + looked, _end - _start - looked).IndexOf(mark);
            if (at >= 0) return looked + at;
            looked = Math.Max(0, _end - _start - mark.Length + 1);
            if (!await ReceiveAsync(cancellation)) return -1;
        }
    }

    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        if (_end == _received.Length) MakeRoom();
        var octets = await socket.ReceiveAsync(_received.AsMemory(_end), cancellation);
        _end += octets;
        return octets > 0;
    }

    private void MakeRoom()
    {
        var rest = _received.AsSpan(_start.._end);
        if (rest.Length >= MostOctets) throw new SocketException((int)SocketError.MessageSize);
        var room = rest.Length > _received.Length / 2 ? new byte[_received.Length * 2] : _received;
        rest.CopyTo(room);
        (_received, _start, _end) = (room, 0, rest.Length);
    }

    private void Reply(ReadOnlySpan<byte> reply)
    {
        // Replies of commands that came in one piece: as many as fit there are more than any group has.
        reply.CopyTo(_replies.AsSpan(_reply));
        _reply += reply.Length;
    }

    private ValueTask ReplyAsync(ReadOnlyMemory<byte> reply, CancellationToken cancellation)
    {
        Reply(reply.Span);
        return FlushAsync(cancellation);
    }

    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        for (var sent = 0; sent < _reply;) sent += await socket.SendAsync(_replies.AsMemory(sent, _reply - sent), cancellation);
        _reply = 0;
    }
}
