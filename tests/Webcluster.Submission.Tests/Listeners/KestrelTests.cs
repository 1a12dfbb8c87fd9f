using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Protocol.Dkim;
using Webcluster.Queue;
using Webcluster.Queue.Routing;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Listeners;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Tests.Harness;
using Webcluster.Submission.Tls;
using Webcluster.TestKit.Logging;
using Xunit;

namespace Webcluster.Submission.Tests.Listeners;

/// <summary>The composition as the node makes it, over sockets on free loopback ports.</summary>
public sealed class KestrelTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeQueue _queue = new();
    private readonly TestLog _log = new();
    private readonly SubmissionOptions _options = new()
    {
        HostName = "mx.example",
        Listeners =
        [
            new() { Address = "127.0.0.1:0", Trusted = ["127.0.0.1"] },
            new() { Address = "127.0.0.2:0", Tls = ListenerTls.Implicit },
        ],
    };

    private WebApplication? _app;

    private WebApplication App => _app!;

    private SubmissionGate Gate => App.Services.GetRequiredService<SubmissionGate>();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _log.ShouldBeQuiet();
    }

    private async Task StartAsync()
    {
        var users = new FakeCredentials();
        users.Add("user", "secret");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerFactory>(_log);
        builder.Services.AddSingleton(_options);
        builder.Services.AddSingleton<IMailQueue>(_queue);
        builder.Services.AddSingleton<IRecipientRouter>(new FakeRouter());
        builder.Services.AddSingleton<IDkimKeySource>(new FakeKeys());
        builder.Services.AddSingleton<ICertificateSource>(TestCertificate.Source);
        builder.Services.AddSingleton<ICredentialStore>(users);
        builder.Services.AddSubmission();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenSubmission());
        _app = builder.Build();
        await _app.StartAsync();
    }

    [Fact]
    public async Task Listener_TrustedClient_IsServed()
    {
        await StartAsync();
        using var client = await ConnectAsync(0);
        var stream = client.GetStream();
        (await TalkAsync(stream, "HELO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\nhi\r\n.\r\nQUIT\r\n"))
            .ShouldEndWith("221 2.0.0 Bye\r\n");
        FakeQueue.Text(_queue.Single).ShouldStartWith("Received: from c ([127.0.0.1])\r\n\tby mx.example with SMTP id ");
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Listener_ImplicitTls_IsServed(SslProtocols version)
    {
        await StartAsync();
        using var client = await ConnectAsync(1);
        await using var tls = await HandshakeAsync(client.GetStream(), version);
        (await TalkAsync(tls, "EHLO c\r\nAUTH PLAIN AHVzZXIAc2VjcmV0\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nBDAT 2 LAST\r\nhiQUIT\r\n"))
            .ShouldEndWith("221 2.0.0 Bye\r\n");
        FakeQueue.Text(_queue.Single).ShouldStartWith("Received: from c ([127.0.0.1])\r\n\tby mx.example with ESMTPSA id ");
    }

    [Fact]
    public async Task Listener_TooManyFromOneAddress_TurnsAway()
    {
        _options.Limits.ConnectionsPerAddress = 1;
        await StartAsync();
        using var first = await ConnectAsync(1);
        await using var tls = await HandshakeAsync(first.GetStream(), SslProtocols.None);
        using var second = await ConnectAsync(1);
        // Under implicit TLS nothing readable can be said.
        (await ReadToEndAsync(second.GetStream())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Listener_TooManyInAll_TurnsAwayWith421()
    {
        _options.Limits.Connections = 1;
        await StartAsync();
        using var first = await ConnectAsync(0);
        await ReadLineAsync(first.GetStream());
        using var second = await ConnectAsync(0);
        (await ReadToEndAsync(second.GetStream())).ShouldBe("421 4.3.2 Too many connections\r\n");
    }

    [Fact]
    public async Task Listener_RefusedWithInputUnread_StillShowsWhy()
    {
        await StartAsync();
        using var client = await ConnectAsync(0);
        var stream = client.GetStream();
        await stream.WriteAsync(new byte[1_000_000]);
        (await ReadToEndAsync(stream)).ShouldEndWith("500 5.5.2 Line too long\r\n");
    }

    [Fact]
    public async Task Stop_Host_DrainsSessions()
    {
        await StartAsync();
        using var idle = await ConnectAsync(0);
        await ReadLineAsync(idle.GetStream());
        using var busy = await ConnectAsync(0);
        var stream = busy.GetStream();
        await stream.WriteAsync("HELO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n"u8.ToArray());
        for (var line = 0; line < 5; line++) await ReadLineAsync(stream);

        var stopped = App.StopAsync();
        (await ReadToEndAsync(idle.GetStream())).ShouldBe("421 4.3.2 Shutting down; try again\r\n");
        stopped.IsCompleted.ShouldBeFalse();
        await stream.WriteAsync("hi\r\n.\r\n"u8.ToArray());
        (await ReadToEndAsync(stream)).ShouldEndWith("\r\n421 4.3.2 Shutting down; try again\r\n");
        await stopped.WaitAsync(Patience);
        _queue.Stored.Count.ShouldBe(1);
        Gate.Sessions.ShouldBe(0);
    }

    [Fact]
    public async Task Client_ResetsTheConnection_LeavesNothing()
    {
        await StartAsync();
        using (var client = await ConnectAsync(0))
        {
            await client.GetStream().WriteAsync("HELO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\nhi"u8.ToArray());
            for (var line = 0; line < 5; line++) await ReadLineAsync(client.GetStream());
            client.LingerState = new LingerOption(true, 0);
        }

        for (var tries = 0; tries < 500 && Gate.Sessions > 0; tries++) await Task.Delay(10);
        Gate.Sessions.ShouldBe(0);
        _queue.Stored.ShouldBeEmpty();
    }

    private async Task<TcpClient> ConnectAsync(int listener)
    {
        var addresses = App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var address = new Uri(
            addresses.Single(address => address.Contains(listener == 0 ? "127.0.0.1" : "127.0.0.2", StringComparison.Ordinal)));
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse(address.Host), address.Port).WaitAsync(Patience);
        return client;
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
