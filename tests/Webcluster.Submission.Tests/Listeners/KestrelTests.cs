using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Shouldly;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Tests.Harness;
using Xunit;

namespace Webcluster.Submission.Tests.Listeners;

/// <summary>The composition as the node makes it, over sockets on free loopback ports.</summary>
public sealed class KestrelTests : IAsyncLifetime
{
    private const string Plain = "127.0.0.1";
    private const string Implicit = "127.0.0.2";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SubmissionHost _host = new()
    {
        Options =
        {
            Listeners =
            [
                new() { Address = $"{Plain}:0", Trusted = ["127.0.0.1"] },
                new() { Address = $"{Implicit}:0", Tls = ListenerTls.Implicit },
            ],
        },
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Listener_TrustedClient_IsServed()
    {
        await _host.StartAsync();
        using var client = await _host.ConnectAsync(Plain);
        var stream = client.GetStream();
        (await TalkAsync(stream, "HELO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\nhi\r\n.\r\nQUIT\r\n"))
            .ShouldEndWith("221 2.0.0 Bye\r\n");
        FakeQueue.Text(_host.Queue.Single).ShouldStartWith("Received: from c ([127.0.0.1])\r\n\tby mx.example with SMTP id ");
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Listener_ImplicitTls_IsServed(SslProtocols version)
    {
        await _host.StartAsync();
        using var client = await _host.ConnectAsync(Implicit);
        await using var tls = await HandshakeAsync(client.GetStream(), version);
        (await TalkAsync(tls, "EHLO c\r\nAUTH PLAIN AHVzZXIAc2VjcmV0\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nBDAT 2 LAST\r\nhiQUIT\r\n"))
            .ShouldEndWith("221 2.0.0 Bye\r\n");
        FakeQueue.Text(_host.Queue.Single).ShouldStartWith("Received: from c ([127.0.0.1])\r\n\tby mx.example with ESMTPSA id ");
    }

    [Fact]
    public async Task Listener_TooManyFromOneAddress_TurnsAway()
    {
        _host.Options.Limits.ConnectionsPerAddress = 1;
        await _host.StartAsync();
        using var first = await _host.ConnectAsync(Implicit);
        await using var tls = await HandshakeAsync(first.GetStream(), SslProtocols.None);
        using var second = await _host.ConnectAsync(Implicit);
        // Under implicit TLS nothing readable can be said.
        (await ReadToEndAsync(second.GetStream())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Listener_TooManyInAll_TurnsAwayWith421()
    {
        _host.Options.Limits.Connections = 1;
        await _host.StartAsync();
        using var first = await _host.ConnectAsync(Plain);
        await ReadLineAsync(first.GetStream());
        using var second = await _host.ConnectAsync(Plain);
        (await ReadToEndAsync(second.GetStream())).ShouldBe("421 4.3.2 Too many connections\r\n");
    }

    [Fact]
    public async Task Listener_RefusedWithInputUnread_StillShowsWhy()
    {
        await _host.StartAsync();
        using var client = await _host.ConnectAsync(Plain);
        var stream = client.GetStream();
        await stream.WriteAsync(new byte[1_000_000]);
        (await ReadToEndAsync(stream)).ShouldEndWith("500 5.5.2 Line too long\r\n");
    }

    [Fact]
    public async Task Stop_Host_DrainsSessions()
    {
        await _host.StartAsync();
        using var idle = await _host.ConnectAsync(Plain);
        await ReadLineAsync(idle.GetStream());
        using var busy = await _host.ConnectAsync(Plain);
        var stream = busy.GetStream();
        await stream.WriteAsync("HELO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n"u8.ToArray());
        for (var line = 0; line < 5; line++) await ReadLineAsync(stream);

        var stopped = _host.StopAsync();
        (await ReadToEndAsync(idle.GetStream())).ShouldBe("421 4.3.2 Shutting down; try again\r\n");
        stopped.IsCompleted.ShouldBeFalse();
        await stream.WriteAsync("hi\r\n.\r\n"u8.ToArray());
        (await ReadToEndAsync(stream)).ShouldEndWith("\r\n421 4.3.2 Shutting down; try again\r\n");
        await stopped.WaitAsync(Patience);
        _host.Queue.Stored.Count.ShouldBe(1);
        _host.Gate.Sessions.ShouldBe(0);
    }

    [Fact]
    public async Task Client_ResetsTheConnection_LeavesNothing()
    {
        await _host.StartAsync();
        using (var client = await _host.ConnectAsync(Plain))
        {
            await client.GetStream().WriteAsync("HELO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\nhi"u8.ToArray());
            for (var line = 0; line < 5; line++) await ReadLineAsync(client.GetStream());
            client.LingerState = new LingerOption(true, 0);
        }

        for (var tries = 0; tries < 500 && _host.Gate.Sessions > 0; tries++) await Task.Delay(10);
        _host.Gate.Sessions.ShouldBe(0);
        _host.Queue.Stored.ShouldBeEmpty();
    }

    [Fact]
    public async Task Client_BreaksTls_LeavesItsPlace()
    {
        _host.Options.Limits.Connections = 1;
        await _host.StartAsync();
        for (var round = 0; round < 3; round++)
        {
            using var client = await _host.ConnectAsync(Implicit);
            await using var tls = await HandshakeAsync(client.GetStream(), SslProtocols.None);
            (await ReadLineAsync(tls)).ShouldStartWith("220 ");
            // A record that no key fits.
            await SubmissionHost.SendAsync(client.GetStream(), "\x17\x03\x03\x00\x20" + "0123456789abcdef0123456789abcdef");
            await SubmissionHost.ReadToEndAsync(client.GetStream());
        }
    }

    private static async Task<SslStream> HandshakeAsync(Stream stream, SslProtocols version)
    {
#pragma warning disable CA5359 // The certificate is the test's own.
        var tls = new SslStream(stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        var options = new SslClientAuthenticationOptions { TargetHost = "mx.example", EnabledSslProtocols = version };
        await tls.AuthenticateAsClientAsync(options).WaitAsync(Patience);
        return tls;
    }

    private static async Task<string> TalkAsync(Stream stream, string lines)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(lines));
        return await ReadToEndAsync(stream);
    }

    private static async Task<string> ReadToEndAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        return await reader.ReadToEndAsync().WaitAsync(Patience);
    }

    private static async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var octet = new byte[1];
        while (line.Length == 0 || line[^1] != '\n')
        {
            if (await stream.ReadAsync(octet).AsTask().WaitAsync(Patience) == 0) break;
            line.Append((char)octet[0]);
        }

        return line.ToString();
    }
}
