using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.Submission.Sessions;

namespace Webcluster.Submission.Tests.Harness;

/// <summary>A client that sends octets as it is told, and reads replies. Text is Latin-1: one character, one octet.</summary>
internal sealed partial class SmtpTestClient(IDuplexPipe transport, SmtpSession session, Task<SessionEnd> ended)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private PipeReader _input = transport.Input;
    private PipeWriter _output = transport.Output;

    public SmtpSession Session => session;

    /// <summary>How the session ended, once it has.</summary>
    public Task<SessionEnd> Ended => ended.WaitAsync(Patience);

    public bool HasEnded => ended.IsCompleted;

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] octets)
    {
        try
        {
            await _output.WriteAsync(octets);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // The server closed: what it said before is what counts.
        }
    }

    /// <summary>Sends past TLS.</summary>
    public async Task SendRawAsync(string octets) => await transport.Output.WriteAsync(Encoding.Latin1.GetBytes(octets));

    /// <summary>Sends in parts, each a segment of its own.</summary>
    public async Task SendPartsAsync(IEnumerable<byte[]> parts)
    {
        foreach (var part in parts) await SendAsync(part);
    }

    /// <summary>Reads one whole reply, CRLF included; what was read so far where the connection ends before.</summary>
    public async Task<string> ReadReplyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var reply = new StringBuilder();
        while (true)
        {
            var result = await _input.ReadAsync(patience.Token);
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.Latin1.GetString(buffer.Slice(0, buffer.GetPosition(1, end)));
                _input.AdvanceTo(buffer.GetPosition(1, end));
                reply.Append(line);
                if (line.Length < 4 || line[3] != '-') return Normalize(reply.ToString());
                continue;
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) return Normalize(reply.ToString());
        }
    }

    /// <summary>Reads so many replies of one line, whatever they say; for measuring, it makes nothing of them.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SkipRepliesAsync(int count)
    {
        while (count > 0)
        {
            var result = await _input.ReadAsync();
            var rest = new SequenceReader<byte>(result.Buffer);
            while (count > 0 && rest.TryAdvanceTo((byte)'\n')) count--;
            _input.AdvanceTo(rest.Position, result.Buffer.End);
            if (result.IsCompleted && count > 0) throw new EndOfStreamException();
        }
    }

    /// <summary>Sends a line and expects the reply to begin so.</summary>
    public async Task<string> AskAsync(string line, string expected)
    {
        await SendAsync(line + "\r\n");
        var reply = await ReadReplyAsync();
        reply.ShouldStartWith(expected, Case.Sensitive, line);
        return reply;
    }

    public async Task ExpectAsync(string expected) => (await ReadReplyAsync()).ShouldStartWith(expected, Case.Sensitive);

    /// <summary>Closes the client's direction and reads all that the server still says.</summary>
    public async Task<string> FinishAsync()
    {
        await _output.CompleteAsync();
        return await ReadToEndAsync();
    }

    public async Task<string> ReadToEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var result = await _input.ReadAsync(patience.Token);
            if (!result.IsCompleted)
            {
                _input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                continue;
            }

            var text = Encoding.Latin1.GetString(result.Buffer);
            _input.AdvanceTo(result.Buffer.End);
            await Ended;
            return Normalize(text);
        }
    }

    public async Task<SslStream> StartTlsAsync(SslProtocols protocols = SslProtocols.None)
    {
        var tls = new SslStream(new DuplexPipeStream(_input, _output), leaveInnerStreamOpen: true);
#pragma warning disable CA5359 // The certificate is the test's own.
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mx.example",
            EnabledSslProtocols = protocols,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        }).WaitAsync(Patience);
#pragma warning restore CA5359
        _input = PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true));
        _output = PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true));
        return tls;
    }

    /// <summary>Greeting, EHLO, STARTTLS, handshake, EHLO.</summary>
    public async Task<SslStream> GreetUnderTlsAsync(SslProtocols protocols = SslProtocols.None)
    {
        await ExpectAsync("220 ");
        await AskAsync("EHLO client.example", "250-");
        await AskAsync("STARTTLS", "220 2.0.0 ");
        var tls = await StartTlsAsync(protocols);
        await AskAsync("EHLO client.example", "250-");
        return tls;
    }

    // Ids are the only thing that differs from run to run.
    private static string Normalize(string replies) => Id().Replace(replies, "ID");

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.None, 1000)]
    private static partial Regex Id();
}
