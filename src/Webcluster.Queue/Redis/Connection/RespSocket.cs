using System.Buffers;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Webcluster.Queue.Redis.Connection;

/// <summary>
/// A bare connection to one server, for what may not share one: WAIT blocks its connection, and counts only what was written on it. One
/// caller at a time. After any trouble it is of no more use.
/// </summary>
internal sealed class RespSocket : IAsyncDisposable
{
    private const int MostOctets = 4096;
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[MostOctets];
    private int _filled;

    private RespSocket(Stream stream) => _stream = stream;

    /// <param name="server">host:port.</param>
    /// <exception cref="RedisTroubleException">It cannot be reached, or lets nobody in.</exception>
    public static async Task<RespSocket> OpenAsync(RedisLinkOptions options, string server, CancellationToken cancellation)
    {
        var (host, port) = RedisConfiguration.Split(server);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(host, port, cancellation);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Tls)
            {
                var secure = new SslStream(stream, leaveInnerStreamOpen: false);
                stream = secure;
                await secure.AuthenticateAsClientAsync(new RedisConfiguration(options).Tls(host), cancellation);
            }
            var opened = new RespSocket(stream);
            if (RedisConfiguration.Password(options.PasswordFile) is { } password)
                await opened.AskAsync([["AUTH", password]], cancellation);
            return opened;
        }
        catch (Exception fault)
        {
            socket.Dispose();
            if (stream is not null)
                await stream.DisposeAsync();
            throw From(fault);
        }
    }

    /// <summary>Sends commands, all at once, and reads their answers.</summary>
    /// <returns>The answer to the last.</returns>
    /// <exception cref="RedisTroubleException">The connection broke, or an answer is an error. Where it is that of the last, the connection
    /// is as it was.</exception>
    public async Task<RespAnswer> AskAsync(IEnumerable<string[]> commands, CancellationToken cancellation)
    {
        try
        {
            var (text, asked) = (new StringBuilder(), 0);
            foreach (var command in commands)
            {
                Write(text, command);
                asked++;
            }
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
            RespAnswer answer = default;
            for (; asked > 0; asked--)
                answer = await AnswerAsync(cancellation);
            return answer;
        }
        catch (Exception fault)
        {
            throw From(fault);
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<RespAnswer> AnswerAsync(CancellationToken cancellation)
    {
        while (true)
        {
            switch (RespAnswer.TryRead(_buffer.AsSpan(0, _filled), out var answer, out var read))
            {
                case OperationStatus.Done:
                    _buffer.AsSpan(read, _filled - read).CopyTo(_buffer);
                    _filled -= read;
                    return answer.IsError ? throw RedisTroubles.Answered(answer.Text) : answer;
                case OperationStatus.NeedMoreData when _filled < _buffer.Length:
                    var got = await _stream.ReadAsync(_buffer.AsMemory(_filled), cancellation);
                    if (got == 0)
                        throw new IOException("closed by the server");
                    _filled += got;
                    break;
                default:
                    throw new RedisTroubleException(RedisTroubleKind.BadReply, mayHaveHappened: true, "no answer of a Redis");
            }
        }
    }

    private static void Write(StringBuilder text, string[] command)
    {
        text.Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (var part in command)
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(part)}\r\n").Append(part).Append("\r\n");
    }

    private static RedisTroubleException From(Exception fault) => fault switch
    {
        RedisTroubleException trouble => trouble,
        OperationCanceledException => RedisTroubles.From(new TimeoutException("no answer in time", fault)),
        _ => RedisTroubles.Broken(fault),
    };
}
