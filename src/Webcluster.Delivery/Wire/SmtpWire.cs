using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Wire;

/// <summary>
/// The client's end of one connection: buffered output, whole replies in, TLS on demand, one time-out per operation. Every failure is a
/// <see cref="Trouble"/>, never an exception; after the first, all further operations answer with it. One user at a time.
/// </summary>
internal sealed class SmtpWire : IAsyncDisposable
{
    private const int FlushAbove = 64 * 1024;

    private readonly CancellationTokenSource _cut;
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private Stream _stream;
    private byte[] _input = ArrayPool<byte>.Shared.Rent(4096);
    private int _start;
    private int _end;
    private Trouble? _trouble;
    private volatile string? _abandoned;

    public SmtpWire(Stream stream, TimeProvider time)
    {
        _stream = stream;
        _cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    public IBufferWriter<byte> Output => _output;

    public SslStream? Tls => _stream as SslStream;

    /// <summary>The TLS session is one from before; null: without TLS, or it did not show.</summary>
    public bool? IsResumed { get; private set; }

    /// <summary>Output has grown past what should be kept in memory.</summary>
    public bool ShouldFlush => _output.WrittenCount >= FlushAbove;

    /// <summary>Ends whatever is going on, from any thread; the operation answers <see cref="TroubleKind.Abandoned"/>.</summary>
    public void Abandon(string reason)
    {
        _abandoned = reason;
        try
        {
            _cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile: there is nothing left to end.
        }
    }

    /// <summary>Sends what was written.</summary>
    public async ValueTask<Trouble?> FlushAsync(Stage stage, TimeSpan timeout)
    {
        if (_trouble is not null || _output.WrittenCount == 0) return _trouble;
        // Replies and commands would not match any more: the reply to something else could be taken for the one to the final dot.
        if (_end > _start) return Fail(stage, TroubleKind.ProtocolError, "the server sent more replies than it was asked for");
        try
        {
            _cut.CancelAfter(timeout);
            await _stream.WriteAsync(_output.WrittenMemory, _cut.Token);
            _cut.CancelAfter(Timeout.InfiniteTimeSpan);
            _output.ResetWrittenCount();
            return null;
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            return Fail(stage, failure);
        }
    }

    /// <summary>Sends what was written and reads one whole reply.</summary>
    /// <remarks>421 closes the connection whenever it comes (rfc5321#3.8), so it is trouble as well as a reply.</remarks>
    public async ValueTask<WireReply> ReadReplyAsync(Stage stage, TimeSpan timeout)
    {
        if (await FlushAsync(stage, timeout) is { } unsent) return new WireReply(null, unsent);
        try
        {
            _cut.CancelAfter(timeout);
            while (true)
            {
                var buffered = new ReadOnlySequence<byte>(_input, _start, _end - _start);
                switch (ReplyParser.TryParse(buffered, out var reply, out var consumed, out var problem))
                {
                    case ParseStatus.Complete:
                        _start += (int)consumed;
                        _cut.CancelAfter(Timeout.InfiniteTimeSpan);
                        return reply!.Code == 421
                            ? new WireReply(reply, Fail(stage, TroubleKind.Refused, "the server closes the connection", reply))
                            : new WireReply(reply, null);
                    case ParseStatus.Rejected:
                        return new WireReply(null, Fail(stage, TroubleKind.ProtocolError, $"invalid reply: {problem}"));
                    case ParseStatus.Incomplete:
                        break;
                }

                if (await FillAsync() == 0)
                    return new WireReply(null, Fail(stage, TroubleKind.ConnectionLost, "the server closed the connection"));
            }
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            return new WireReply(null, Fail(stage, failure));
        }
    }

    /// <summary>Starts TLS. Input that came before the handshake would be taken for protected: it is refused (CVE-2021-38371).</summary>
    public async ValueTask<Trouble?> StartTlsAsync(SslClientAuthenticationOptions options, TimeSpan timeout)
    {
        if (_trouble is not null) return _trouble;
        if (_end > _start)
            return Fail(Stage.StartTls, TroubleKind.ProtocolError, "the server sent data between STARTTLS and the handshake");
        var tap = new HandshakeTap(_stream);
        var tls = new SslStream(tap, leaveInnerStreamOpen: false);
        _stream = tls;
        try
        {
            _cut.CancelAfter(timeout);
            await tls.AuthenticateAsClientAsync(options, _cut.Token);
            _cut.CancelAfter(Timeout.InfiniteTimeSpan);
            IsResumed = tap.IsResumed;
            return null;
        }
        catch (AuthenticationException failure)
        {
            return Fail(Stage.Handshake, TroubleKind.TlsFailed, failure.InnerException?.Message ?? failure.Message);
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            return Fail(Stage.Handshake, failure);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException or InvalidOperationException)
        {
            // A certificate that cannot be read: what looks at it throws, and the handshake hands that on as it is.
            return Fail(Stage.Handshake, TroubleKind.TlsFailed, failure.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _cut.Dispose();
        ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _input, []));
    }

    // The reply parser bounds what can stay incomplete, so the buffer cannot grow past MaxLine * MaxLines.
    private async ValueTask<int> FillAsync()
    {
        if (_start == _end) _start = _end = 0;
        if (_end == _input.Length)
        {
            var target = _start > 0 ? _input : ArrayPool<byte>.Shared.Rent(_input.Length * 2);
            Buffer.BlockCopy(_input, _start, target, 0, _end - _start);
            if (target != _input) ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _input, target));
            (_start, _end) = (0, _end - _start);
        }

        var read = await _stream.ReadAsync(_input.AsMemory(_end), _cut.Token);
        _end += read;
        return read;
    }

    private Trouble Fail(Stage stage, Exception failure) => failure is OperationCanceledException
        ? _abandoned is { } reason
            ? Fail(stage, TroubleKind.Abandoned, reason)
            : Fail(stage, TroubleKind.TimedOut, "the server did not answer in time")
        : Fail(stage, TroubleKind.ConnectionLost, (failure.InnerException as SocketException ?? failure).Message);

    private Trouble Fail(Stage stage, TroubleKind kind, string detail, SmtpReply? reply = null) =>
        _trouble = new Trouble(stage, kind, detail, reply);

    private static bool IsExpected(Exception failure) =>
        failure is OperationCanceledException or IOException or SocketException or ObjectDisposedException or AuthenticationException;
}

/// <summary>A reply, or trouble, or (421) both.</summary>
internal readonly record struct WireReply(SmtpReply? Reply, Trouble? Trouble);
