using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Webcluster.EndToEnd.Harness;

/// <summary>A client that sends whatever octets it is told to, over a real socket. Text stands for octets (Latin-1).</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new();
    private readonly StringBuilder _received = new();
    private Stream _stream = Stream.Null;

    /// <summary>All that came.</summary>
    public string Received => _received.ToString();

    /// <summary>Connects and takes the greeting.</summary>
    public static async Task<RawClient> ConnectAsync(int port)
    {
        var client = new RawClient();
        await client._client.ConnectAsync(IPAddress.Loopback, port);
        client._stream = client._client.GetStream();
        await client.ReplyAsync();
        return client;
    }

    public async Task SendAsync(string octets) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(octets));

    /// <summary>Sends one command and returns its whole reply.</summary>
    public async Task<string> AskAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync();
    }

    /// <summary>The next reply, all its lines.</summary>
    public async Task<string> ReplyAsync()
    {
        var reply = new StringBuilder();
        for (var start = 0; ;)
        {
            if (await ReadAsync(1) is not { Length: > 0 } octet) throw new IOException($"closed within a reply: {reply}");
            reply.Append(octet);
            if (octet != "\n") continue;
            if (reply.Length < start + 4 || reply[start + 3] != '-') return reply.ToString();
            start = reply.Length;
        }
    }

    /// <summary>All that comes until the server closes, which a reset does too.</summary>
    public async Task<string> RestAsync()
    {
        var rest = new StringBuilder();
        while (await ReadAsync(4096) is { Length: > 0 } more) rest.Append(more);
        return rest.ToString();
    }

    public async Task StartTlsAsync()
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true });
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }

    private async Task<string> ReadAsync(int atMost)
    {
        var buffer = new byte[atMost];
        try
        {
            var count = await _stream.ReadAsync(buffer).AsTask().WaitAsync(Patience);
            var text = Encoding.Latin1.GetString(buffer, 0, count);
            _received.Append(text);
            return text;
        }
        catch (IOException)
        {
            return "";
        }
    }
}
