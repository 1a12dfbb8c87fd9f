using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Webcluster.Node.Http;
using Webcluster.Submission;
using Webcluster.Submission.Listeners;
using Webcluster.TestKit.Metrics;
using Xunit;

namespace Webcluster.Node.Tests.Http;

/// <summary>The public listener, and strangers who keep their connections.</summary>
public sealed class PublicDoorTests : IAsyncLifetime
{
    private readonly TestMeters _meters = new();
    private readonly List<Socket> _sockets = [];
    private WebApplication _app = null!;
    private IPEndPoint _address = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenPublic(
            new IPEndPoint(IPAddress.Loopback, 0), tls: null, new OpenConnections(most: 3, mostPerClient: 2), new WayBackMetrics(_meters)));
        _app = builder.Build();
        _app.Run(context => context.Response.WriteAsync("here"));
        await _app.StartAsync();
        var url = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _address = new IPEndPoint(IPAddress.Loopback, new Uri(url).Port);
    }

    public async Task DisposeAsync()
    {
        _sockets.ForEach(socket => socket.Dispose());
        await _app.DisposeAsync();
        _meters.Dispose();
    }

    [Fact]
    public async Task Connections_BeyondThoseOfOneAddress_AreClosed()
    {
        (await IsAnsweredAsync("127.0.0.1")).ShouldBeTrue();
        (await IsAnsweredAsync("127.0.0.1")).ShouldBeTrue();
        (await IsAnsweredAsync("127.0.0.1")).ShouldBeFalse();
        (await IsAnsweredAsync("127.0.0.2")).ShouldBeTrue("another client is not to blame");
        (await IsAnsweredAsync("127.0.0.3")).ShouldBeFalse("as many are open as may be");

        _sockets[0].Dispose();

        for (var tries = 0; !await IsAnsweredAsync("127.0.0.1"); tries++)
        {
            tries.ShouldBeLessThan(1000, "a closed connection makes room");
            await Task.Delay(10);
        }
    }

    /// <summary>A connection that stays open where it is answered; one that is closed may show it at any step, opening included.</summary>
    private async Task<bool> IsAnsweredAsync(string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await socket.ConnectAsync(_address, patience.Token);
            await socket.SendAsync("GET /unsubscribe/x HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), patience.Token);
            return await socket.ReceiveAsync(new byte[4096], patience.Token) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
