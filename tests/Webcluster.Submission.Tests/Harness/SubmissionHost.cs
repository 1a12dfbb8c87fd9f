using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Dkim;
using Webcluster.Queue;
using Webcluster.Queue.Routing;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Listeners;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Tls;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Suppression;

namespace Webcluster.Submission.Tests.Harness;

/// <summary>Submission as the node composes it, over sockets on free loopback ports.</summary>
internal sealed class SubmissionHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private WebApplication? _app;

    public SubmissionOptions Options { get; } = new() { HostName = "mx.example" };

    public FakeQueue Queue { get; } = new();

    public TestLog Log { get; } = new();

    /// <summary>Ids of warnings and errors that this test means to bring about.</summary>
    public int[] ExpectedLog { get; set; } = [];

    public SubmissionGate Gate => _app!.Services.GetRequiredService<SubmissionGate>();

    public async Task StartAsync()
    {
        var users = new FakeCredentials();
        users.Add("user", "secret");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerFactory>(Log);
        builder.Services.AddSingleton(Options);
        builder.Services.AddSingleton<IMailQueue>(Queue);
        builder.Services.AddSingleton(new Suppressions(new NaiveSuppressionList(), new SuppressionOptions()));
        builder.Services.AddSingleton<IRecipientRouter>(new FakeRouter());
        builder.Services.AddSingleton<IDkimKeySource>(new FakeKeys());
        builder.Services.AddSingleton<ICertificateSource>(TestCertificate.Source);
        builder.Services.AddSingleton<ICredentialStore>(users);
        builder.Services.AddSubmission();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenSubmission());
        _app = builder.Build();
        await _app.StartAsync();
    }

    public Task StopAsync() => _app!.StopAsync();

    /// <param name="at">The listener's address, where there are several.</param>
    public async Task<TcpClient> ConnectAsync(string at = "")
    {
        var addresses = _app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var address = new Uri(addresses.Single(address => address.Contains(at, StringComparison.Ordinal)));
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse(address.Host), address.Port).WaitAsync(Patience);
        return client;
    }

    /// <summary>Connects, sends, and reads all until the server closes.</summary>
    public async Task<string> TalkAsync(string octets)
    {
        using var client = await ConnectAsync();
        await SendAsync(client.GetStream(), octets);
        return await ReadToEndAsync(client.GetStream());
    }

    public static async Task SendAsync(Stream stream, string octets) => await stream.WriteAsync(Encoding.Latin1.GetBytes(octets));

    public static async Task<string> ReadToEndAsync(Stream stream)
    {
        var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all).WaitAsync(Patience);
        }
        catch (IOException)
        {
            // A reset ends it too.
        }

        return Encoding.Latin1.GetString(all.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        Log.ShouldBeQuiet(ExpectedLog);
    }
}
