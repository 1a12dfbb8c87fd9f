using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Webcluster.Submission.Tls;

namespace Webcluster.Submission.Sessions;

/// <summary>
/// The server's end of one SMTP connection: lines and octets in, replies out. Replies are gathered and go out together when the input runs
/// dry, so a pipelined group costs one send. Not thread-safe, but for <see cref="Interrupt"/>. It never throws for what the peer or the
/// network does.
/// </summary>
public sealed class SmtpConnection : IAsyncDisposable
{
    // Replies to a peer that pipelines without reading go out in portions, so that they are bounded by what the transport holds.
    private const int FlushAt = 8 * 1024;

    private readonly TimeProvider _time;
    private readonly TimeSpan _writeTime;
    private readonly Deadline _deadline;
    private volatile PipeReader _input;
    private volatile PipeWriter _output;
    private SslStream? _tls;

    private ReadOnlySequence<byte> _buffered;
    private ReadOnlyMemory<byte> _line;
    private bool _holdsRead;
    private bool _inputEnded;
    private bool _outputEnded;
    private int _unflushed;
    private volatile bool _flushing;
    private int _interrupted;

    /// <param name="transport">The octets as they come from the network. It stays the caller's, who completes it.</param>
    /// <param name="writeTime">The longest that the peer may take no replies; then the connection counts as closed.</param>
    public SmtpConnection(IDuplexPipe transport, TimeProvider time, TimeSpan writeTime)
    {
        _input = transport.Input;
        _output = transport.Output;
        _time = time;
        _writeTime = writeTime;
        _deadline = new Deadline(time, CancelPending);
    }

    /// <summary>What the handshake agreed on; null while the connection is in the clear.</summary>
    public TlsParameters? Tls { get; private set; }

    /// <summary>The peer took nothing for too long: what is still unsent will not be taken, so the transport is to be aborted.</summary>
    public bool IsStalled { get; private set; }

    /// <summary>The line last read, without its CRLF. Valid until the next read.</summary>
    public ReadOnlySpan<byte> Line => _line.Span;

    /// <summary>Input that is here and not consumed. Valid until the next read.</summary>
    public ReadOnlySequence<byte> Buffered => _buffered;

    /// <summary>Reads the next line, which only CRLF ends (RFC 5321 §2.3.8).</summary>
    /// <param name="limit">Most octets, CRLF included. Where the status is TooLong, reading again with a larger limit is allowed.</param>
    /// <param name="time">For the whole line: parts of it do not extend it.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadStatus> ReadLineAsync(int limit, TimeSpan time)
    {
        if (_unflushed < FlushAt && TryTakeLine(limit)) return ReadStatus.Ready;
        if (_unflushed > 0 && !await FlushAsync()) return ReadStatus.Closed;
        _deadline.Set(time);
        while (!TryTakeLine(limit))
        {
            if (_buffered.Length >= limit) return ReadStatus.TooLong;
            var status = await WaitAsync();
            if (status != ReadStatus.Ready) return status;
        }

        return ReadStatus.Ready;
    }

    /// <summary>Waits until there is more input than is buffered.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadStatus> FillAsync(TimeSpan time)
    {
        if (_unflushed > 0 && !await FlushAsync()) return ReadStatus.Closed;
        _deadline.Set(time);
        return await WaitAsync();
    }

    /// <summary>Takes octets off the front of <see cref="Buffered"/>.</summary>
    public void Consume(long octets) => _buffered = _buffered.Slice(octets);

    /// <summary>Adds octets to what goes out with the next flush.</summary>
    public void Write(ReadOnlySpan<byte> reply)
    {
        _output.Write(reply);
        _unflushed += reply.Length;
    }

    /// <summary>Adds ASCII text to what goes out with the next flush.</summary>
    public void Write(string reply)
    {
        var span = _output.GetSpan(reply.Length);
        _output.Advance(Encoding.ASCII.GetBytes(reply, span));
        _unflushed += reply.Length;
    }

    /// <summary>Sends what was written. Reading does this by itself before it waits.</summary>
    /// <returns>False where the peer is gone or took nothing in time.</returns>
    public async ValueTask<bool> FlushAsync()
    {
        _unflushed = 0;
        // That of the last read has nothing to say here.
        _deadline.Clear();
        while (!_outputEnded)
        {
            _flushing = true;
            try
            {
                var flush = _output.FlushAsync();
                if (!flush.IsCompleted) _deadline.Set(_writeTime);
                var result = await flush;
                // A cancel may come late and hit a flush that it was not meant for.
                if (result.IsCanceled && !_deadline.IsMet) continue;
                IsStalled = result.IsCanceled;
                _outputEnded = IsStalled || result.IsCompleted;
                break;
            }
            catch (Exception error) when (IsTransportFailure(error))
            {
                _outputEnded = true;
            }
            finally
            {
                _flushing = false;
                _deadline.Clear();
            }
        }

        return !_outputEnded;
    }

    /// <summary>
    /// Makes the connection a TLS one: for STARTTLS, and for implicit TLS before anything else. Nothing may be buffered. A connection
    /// whose handshake failed is of no further use.
    /// </summary>
    public async ValueTask<bool> UpgradeToTlsAsync(SslServerAuthenticationOptions options, TimeSpan time)
    {
        if (!_buffered.IsEmpty || !await FlushAsync()) return false;
        GiveBack();
        var tls = new SslStream(new DuplexPipeStream(_input, _output), leaveInnerStreamOpen: true);
        using var timeout = new CancellationTokenSource(time, _time);
        try
        {
            await tls.AuthenticateAsServerAsync(options, timeout.Token);
        }
        catch (Exception error) when (error is AuthenticationException || IsTransportFailure(error))
        {
            _inputEnded = _outputEnded = true;
            await tls.DisposeAsync();
            return false;
        }

        _tls = tls;
        // An idle connection holds no buffer: reads of no octets wait for input first.
        _input = PipeReader.Create(tls, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true, useZeroByteReads: true));
        _output = PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true));
        Tls = new TlsParameters(tls.SslProtocol == SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2", tls.NegotiatedCipherSuite.ToString());
        return true;
    }

    /// <summary>
    /// Wakes whoever waits for input, now or next; it gets <see cref="ReadStatus.Interrupted"/> once. May be called by any thread.
    /// </summary>
    public void Interrupt()
    {
        Volatile.Write(ref _interrupted, 1);
        _input.CancelPendingRead();
    }

    /// <summary>Sends what was written, and ends TLS where it was begun. The transport is left to the caller.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_unflushed > 0) await FlushAsync();
        GiveBack();
        if (_tls is not null) await CloseTlsAsync(_tls);
        _deadline.Dispose();
    }

    private static bool IsTransportFailure(Exception error) =>
        error is IOException or OperationCanceledException or ObjectDisposedException;

    private bool TryTakeLine(int limit)
    {
        if (_buffered.IsEmpty) return false;
        var first = _buffered.FirstSpan;
        if (first.Length > limit) first = first[..limit];
        var end = first.IndexOf("\r\n"u8);
        if (end >= 0)
        {
            _line = _buffered.First[..end];
            _buffered = _buffered.Slice(end + 2);
            return true;
        }

        return !_buffered.IsSingleSegment && TryTakeSplitLine(limit);
    }

    private bool TryTakeSplitLine(int limit)
    {
        var reader = new SequenceReader<byte>(_buffered.Slice(0, Math.Min(limit, _buffered.Length)));
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8)) return false;
        _line = line.IsSingleSegment ? line.First : line.ToArray();
        _buffered = _buffered.Slice(reader.Position);
        return true;
    }

    // The deadline is the caller's to set.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadStatus> WaitAsync()
    {
        var had = _buffered.Length;
        while (!_inputEnded && !_outputEnded)
        {
            if (Interlocked.Exchange(ref _interrupted, 0) != 0) return ReadStatus.Interrupted;
            // Asked here and not of the read: input may come with the cancel and hide it, and a cancel may come late.
            if (_deadline.IsMet) return ReadStatus.TimedOut;
            GiveBack();
            try
            {
                var result = await _input.ReadAsync();
                _buffered = result.Buffer;
                _holdsRead = true;
                _inputEnded = result.IsCompleted;
                if (_buffered.Length > had) return ReadStatus.Ready;
            }
            catch (Exception error) when (IsTransportFailure(error))
            {
                // What broke takes nothing either; TLS must not even be ended.
                _inputEnded = _outputEnded = true;
            }
        }

        return ReadStatus.Closed;
    }

    private void GiveBack()
    {
        if (!_holdsRead) return;
        _holdsRead = false;
        _input.AdvanceTo(_buffered.Start, _buffered.End);
        _buffered = default;
    }

    private void CancelPending()
    {
        if (_flushing) _output.CancelPendingFlush();
        else _input.CancelPendingRead();
    }

    private async ValueTask CloseTlsAsync(SslStream tls)
    {
        try
        {
            // A peer that takes nothing, or is gone, gets no close_notify.
            if (!_outputEnded) await tls.ShutdownAsync().WaitAsync(_writeTime, _time);
        }
        catch (Exception error) when (error is TimeoutException or CryptographicException || IsTransportFailure(error))
        {
            IsStalled = error is TimeoutException;
            _outputEnded = true;
        }

        await _input.CompleteAsync();
        // With an error it is given up, not flushed.
        await _output.CompleteAsync(_outputEnded ? new IOException("The peer takes no more.") : null);
        await tls.DisposeAsync();
    }
}
