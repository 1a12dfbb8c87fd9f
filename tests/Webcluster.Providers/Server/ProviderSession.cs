using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Webcluster.Providers.Model;

namespace Webcluster.Providers.Server;

/// <summary>
/// One connection to a provider (RFC 5321): greeting, EHLO, STARTTLS, transactions. A refused connection is told so at once where its reply
/// says goodbye (421, 554), else at the first MAIL, and then closed. A handler returns false to end the connection.
/// </summary>
internal sealed class ProviderSession(Provider provider, Admission admission, Socket socket) : IDisposable
{
    private const int MostRecipients = 100;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    private readonly List<string> _recipients = [];
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private SmtpLines _lines = null!;
    private string? _sender;
    private bool _isSecure;

    public required FastClock Clock { get; init; }

    /// <summary>Null: STARTTLS is not offered.</summary>
    public required X509Certificate2? Certificate { get; init; }

    public Admission Admission => admission;

    public bool IsClosedByClient => ClientState.IsGone(socket);

    public async Task RunAsync(CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            socket.NoDelay = true;
            _lines = new SmtpLines(_stream);
            var goOn = Greet();
            while (goOn)
            {
                patience.CancelAfter(Idle);
                goOn = await _lines.ReadAsync(patience.Token) is { } line && await ObeyAsync(line, patience.Token);
            }

            // Who is told goodbye may come again at once.
            provider.Disconnect(admission);
            await _lines.FlushAsync(patience.Token);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or AuthenticationException)
        {
            // The client went away, or the run has ended.
        }
    }

    public void Dispose() => _stream.Dispose();

    private string Name => provider.Profile.Hosts[^1];

    private bool Greet()
    {
        if (admission.Refusal is { } refusal && Reply(refusal).Closes)
        {
            provider.Told(admission);
            return Answer(refusal);
        }

        return Answer($"220 {Name} ESMTP\r\n");
    }

    private async ValueTask<bool> ObeyAsync(string line, CancellationToken cancellation)
    {
        var verb = line.Split(' ', ':')[0].ToUpperInvariant();
        return verb switch
        {
            "EHLO" or "HELO" => Hello(line),
            "STARTTLS" when Certificate is not null && !_isSecure => await SecureAsync(cancellation),
            "MAIL" when _sender is null => Mail(AddressIn(line)),
            "RCPT" when _sender is not null && _recipients.Count < MostRecipients => Recipient(AddressIn(line)),
            "DATA" when _recipients.Count > 0 => await DataAsync(cancellation),
            "RSET" => Reset() && Answer("250 2.0.0 ok\r\n"),
            "NOOP" => Answer("250 2.0.0 ok\r\n"),
            "QUIT" => Answer($"221 2.0.0 {Name} closing connection\r\n", goOn: false),
            "MAIL" or "RCPT" or "DATA" => Answer("503 5.5.1 bad sequence of commands\r\n"),
            _ => Answer("502 5.5.1 unimplemented\r\n"),
        };
    }

    private bool Hello(string line)
    {
        Reset();
        admission.Hello = line[4..].Trim();
        return Answer($"250-{Name} at your service\r\n250-SIZE 35882577\r\n250-8BITMIME\r\n"
            + (Certificate is not null && !_isSecure ? "250-STARTTLS\r\n" : "")
            + "250-ENHANCEDSTATUSCODES\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n");
    }

    private async ValueTask<bool> SecureAsync(CancellationToken cancellation)
    {
        Answer("220 2.0.0 ready\r\n");
        await _lines.FlushAsync(cancellation);
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, cancellation);
        _lines = new SmtpLines(tls);
        _isSecure = true;
        return Reset();
    }

    private bool Mail(string sender)
    {
        if (admission.Refusal is { } late)
        {
            provider.Told(admission);
            Answer(late);
            return false;
        }

        if (provider.Begin(admission) is { } refusal) return Answer(refusal);
        _sender = sender;
        return Answer("250 2.1.0 ok\r\n");
    }

    private bool Recipient(string recipient)
    {
        if (provider.Recipient(admission, _sender!, recipient) is { } refusal) return Answer(refusal, recipient);
        _recipients.Add(recipient);
        return Answer("250 2.1.5 ok\r\n");
    }

    private async ValueTask<bool> DataAsync(CancellationToken cancellation)
    {
        Answer("354 go ahead\r\n");
        var report = new ReportReader();
        for (var line = await _lines.ReadAsync(cancellation); line != "."; line = await _lines.ReadAsync(cancellation))
        {
            if (line is null) return false;
            report.Hear(line);
        }

        if (provider.Profile.Slowness > TimeSpan.Zero) await Task.Delay(provider.Profile.Slowness, Clock, cancellation);
        provider.Take(admission, _recipients, report.Failed);
        return Reset() && Answer("250 2.0.0 ok, it is ours\r\n");
    }

    private ProviderReply Reply(RefusalKind refusal) => provider.Profile.Replies[refusal];

    private bool Answer(RefusalKind refusal, string recipient = "")
    {
        var reply = Reply(refusal);
        return Answer(reply.ToWire(admission.Source, recipient), !reply.Closes);
    }

    private bool Answer(string octets, bool goOn = true)
    {
        _lines.Write(octets);
        return goOn;
    }

    private bool Reset()
    {
        _sender = null;
        _recipients.Clear();
        return true;
    }

    /// <summary>What stands between the angle brackets, whatever it is.</summary>
    private static string AddressIn(string line)
    {
        var (start, end) = (line.IndexOf('<'), line.IndexOf('>'));
        return start >= 0 && end > start ? line[(start + 1)..end] : "";
    }
}
