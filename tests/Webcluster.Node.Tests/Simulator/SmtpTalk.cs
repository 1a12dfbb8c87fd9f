using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Webcluster.Node.Tests.Simulator;

/// <summary>A client that says lines and hears whole replies, over a real socket.</summary>
internal sealed class SmtpTalk : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new();
    private Stream _stream = Stream.Null;
    private StreamReader _reader = StreamReader.Null;

    public static async Task<SmtpTalk> ConnectAsync(IPEndPoint address)
    {
        var talk = new SmtpTalk();
        await talk._client.ConnectAsync(address);
        talk.Use(talk._client.GetStream());
        return talk;
    }

    /// <summary>Past greeting and EHLO.</summary>
    public static async Task<SmtpTalk> GreetedAsync(IPEndPoint address)
    {
        var talk = await ConnectAsync(address);
        await talk.HearAsync();
        await talk.SayAsync("EHLO test.example");
        return talk;
    }

    /// <summary>The next reply, its lines joined by "|"; "" where the connection was closed.</summary>
    public async Task<string> HearAsync()
    {
        var lines = new List<string>();
        try
        {
            while (await _reader.ReadLineAsync().WaitAsync(Bound) is { } line)
            {
                lines.Add(line);
                if (line.Length < 4 || line[3] != '-') break;
            }
        }
        catch (IOException)
        {
            // Reset: closed as well.
        }
        return string.Join('|', lines);
    }

    public async Task<string> SayAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await HearAsync();
    }

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task StartTlsAsync()
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        Use(tls);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }

    private void Use(Stream stream)
    {
        _stream = stream;
        _reader = new StreamReader(stream, Encoding.UTF8);
    }
}
