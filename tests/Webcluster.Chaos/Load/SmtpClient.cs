using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Webcluster.Chaos.Load;

/// <summary>One connection that submits one mail after another, and knows of each what came of it.</summary>
internal sealed class SmtpClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new() { NoDelay = true };
    private StreamReader _reader = StreamReader.Null;
    private Stream _stream = Stream.Null;

    /// <summary>Sends one mail; connects before the first.</summary>
    public async Task<(Answer Answer, int Code)> SendAsync(IPEndPoint server, string sender, string recipient)
    {
        var dot = false;
        try
        {
            if (!_client.Connected) await ConnectAsync(server);
            foreach (var (command, expected) in new[] { ($"MAIL FROM:<{sender}>", 250), ($"RCPT TO:<{recipient}>", 250), ("DATA", 354) })
                if (await AskAsync(command) is var code && code != expected)
                    return (Answer.Refused, code);
            dot = true;
            var last = await AskAsync($"From: <{sender}>\r\nTo: <{recipient}>\r\nSubject: chaos\r\n\r\nhello\r\n.");
            return (last == 250 ? Answer.Accepted : Answer.Refused, last);
        }
        catch (RefusedException refused)
        {
            return (Answer.Refused, refused.Code);
        }
        catch (Exception error) when (error is IOException or SocketException or TimeoutException)
        {
            return (dot ? Answer.Unknown : Answer.NoConnection, 0);
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }

    private async Task ConnectAsync(IPEndPoint server)
    {
        await _client.ConnectAsync(server).WaitAsync(Patience);
        _stream = _client.GetStream();
        _reader = new StreamReader(_stream, Encoding.Latin1);
        if (await ReplyAsync() is var banner && banner != 220) throw new RefusedException(banner);
        if (await AskAsync("EHLO client.example") is var hello && hello != 250) throw new RefusedException(hello);
    }

    private async Task<int> AskAsync(string command)
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(command + "\r\n")).AsTask().WaitAsync(Patience);
        return await ReplyAsync();
    }

    private async Task<int> ReplyAsync()
    {
        while (await _reader.ReadLineAsync().WaitAsync(Patience) is { Length: >= 3 } line)
            if (line.Length == 3 || line[3] == ' ')
                return int.Parse(line.AsSpan(0, 3), CultureInfo.InvariantCulture);
        throw new IOException("closed");
    }

    private sealed class RefusedException(int code) : Exception
    {
        public int Code => code;
    }
}

/// <summary>What a client heard about one mail.</summary>
internal enum Answer
{
    /// <summary>250 after the final dot.</summary>
    Accepted,

    /// <summary>A reply that is no yes, at any stage.</summary>
    Refused,

    /// <summary>The final dot was sent and nothing came back.</summary>
    Unknown,

    /// <summary>No connection, or it ended before the final dot.</summary>
    NoConnection,
}
