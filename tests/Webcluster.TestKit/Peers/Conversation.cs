using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Webcluster.TestKit.Peers;

/// <summary>Plays one script over one connection and keeps what the client sent.</summary>
internal sealed class Conversation(Socket socket, SmtpScript script) : IAsyncDisposable
{
    private readonly List<byte> _transcript = [];
    private readonly byte[] _input = new byte[64 * 1024];
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private int _start;
    private int _end;

    public IPEndPoint Source { get; } = (IPEndPoint)socket.RemoteEndPoint!;

    /// <summary>All that the client sent, decrypted.</summary>
    public string Transcript
    {
        get
        {
            lock (_transcript) return Encoding.Latin1.GetString([.. _transcript]);
        }
    }

    public async Task PlayAsync(CancellationToken cancellation)
    {
        socket.NoDelay = true;
        for (var i = 0; i < script.Steps.Count; i++)
        {
            try
            {
                await PlayAsync(script.Steps[i], cancellation);
            }
            catch (Exception failure) when (failure is ScriptFailedException or IOException or AuthenticationException)
            {
                throw new ScriptFailedException($"step {i + 1}: {failure.Message}");
            }
        }

        await _stream.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task PlayAsync(ScriptStep step, CancellationToken cancellation)
    {
        switch (step)
        {
            case ScriptStep.Expect expect:
                await ExpectAsync(expect.Octets, cancellation);
                break;
            case ScriptStep.Content content:
                var came = await ContentAsync(cancellation);
                content.Check?.Invoke(came);
                break;
            case ScriptStep.Swallow swallow:
                for (var taken = 0; taken < swallow.Least; _start = _end)
                {
                    if (_start == _end && !await FillAsync(cancellation)) throw new ScriptFailedException("the client closed");
                    taken += _end - _start;
                }
                break;
            case ScriptStep.ExpectEnd:
                if (_start < _end || await FillOrLostAsync(cancellation))
                    throw new ScriptFailedException($"expected the end, came {Pending()}");
                break;
            case ScriptStep.Send send:
                await SendAsync(send.Octets, cancellation);
                break;
            case ScriptStep.StartTls tls:
                await StartTlsAsync(tls, cancellation);
                break;
            case ScriptStep.Silence:
                do _start = _end;
                while (await FillOrLostAsync(cancellation));
                break;
            case ScriptStep.Close:
                // A close with unread input would be a reset.
                socket.Shutdown(SocketShutdown.Send);
                do _start = _end;
                while (await FillOrLostAsync(cancellation));
                break;
            case ScriptStep.Reset:
                socket.LingerState = new LingerOption(true, 0);
                await _stream.DisposeAsync();
                break;
            case ScriptStep.Do action:
                await action.Action().WaitAsync(cancellation);
                break;
        }
    }

    private async Task ExpectAsync(byte[] octets, CancellationToken cancellation)
    {
        for (var matched = 0; matched < octets.Length;)
        {
            if (_start == _end && !await FillAsync(cancellation))
                throw new ScriptFailedException($"expected {Show(octets)}, the client closed after {Show(octets[..matched])}");
            var length = Math.Min(octets.Length - matched, _end - _start);
            if (!_input.AsSpan(_start, length).SequenceEqual(octets.AsSpan(matched, length)))
                throw new ScriptFailedException($"expected {Show(octets)}, came {Show(octets[..matched])} and then {Pending()}");
            matched += length;
            _start += length;
        }
    }

    private async Task<byte[]> ContentAsync(CancellationToken cancellation)
    {
        var content = new List<byte>();
        while (true)
        {
            while (_start < _end)
            {
                content.Add(_input[_start++]);
                if (EndsInFinalDot(content)) return [.. content[..^3]];
            }

            if (!await FillAsync(cancellation))
                throw new ScriptFailedException($"the client closed before the final dot, after {Show([.. content])}");
        }
    }

    private static bool EndsInFinalDot(List<byte> content) =>
        content is [(byte)'.', (byte)'\r', (byte)'\n'] or [.., (byte)'\r', (byte)'\n', (byte)'.', (byte)'\r', (byte)'\n'];

    private async Task SendAsync(byte[] octets, CancellationToken cancellation)
    {
        var size = script.SegmentSize > 0 ? script.SegmentSize : Math.Max(1, octets.Length);
        foreach (var segment in octets.Chunk(size)) await _stream.WriteAsync(segment, cancellation);
    }

    private async Task StartTlsAsync(ScriptStep.StartTls step, CancellationToken cancellation)
    {
        if (_start < _end) throw new ScriptFailedException($"expected a handshake, came {Pending()}");
        var tls = new SslStream(_stream);
        try
        {
            var options = new SslServerAuthenticationOptions { ServerCertificate = step.Certificate, EnabledSslProtocols = step.Protocols };
            await tls.AuthenticateAsServerAsync(options, cancellation);
            _stream = tls;
        }
        catch (Exception failure) when (!step.MustSucceed && failure is IOException or AuthenticationException)
        {
            await tls.DisposeAsync();
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        if (_start == _end) _start = _end = 0;
        var read = await _stream.ReadAsync(_input.AsMemory(_end), cancellation);
        lock (_transcript) _transcript.AddRange(_input.AsSpan(_end, read));
        _end += read;
        return read > 0;
    }

    private async Task<bool> FillOrLostAsync(CancellationToken cancellation)
    {
        try
        {
            return await FillAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    private string Pending() => Show(_input[_start.._end]);

    private static string Show(byte[] octets) => SmtpScript.Show(Encoding.Latin1.GetString(octets));
}
