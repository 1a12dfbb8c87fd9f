using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Node.Http;
using Webcluster.Node.Lifecycle;
using Webcluster.Queue.Suppression;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Suppression;
using Xunit;

namespace Webcluster.Node.Tests.Http;

/// <summary>What the operators' listener does with requests that go wrong, over real sockets, and what the log says of it.</summary>
public sealed class AdminHttpTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string Token = new('t', AdminToken.LeastLength);

    private readonly TestLog _log = new();
    private readonly RequestBound _bound = new(TimeProvider.System);
    private readonly NaiveSuppressionList _list = new();
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.Services.AddSingleton<ILoggerFactory>(_log);
        builder.Services.AddSingleton(_bound);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new Suppressions(_list, new SuppressionOptions()));
        builder.Services.AddSingleton(new AdminToken(Token));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(new IPEndPoint(IPAddress.Loopback, 0), listen => listen.UseEndBehindOctets()));
        _app = builder.Build();
        _app.MapAdmin();
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        _bound.Dispose();
    }

    [Theory]
    [InlineData("Content-Length: 99\r\n\r\naddress\r\na@x.exam", false)]
    [InlineData("Content-Length: 99\r\n\r\naddress\r\na@x.exam", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n99\r\naddress\r\na@x.exam", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n99\r\naddress\r\na@x.exam", true)]
    public async Task Import_BreaksOff_IsNoErrorInTheLog(string rest, bool isReset)
    {
        using (var client = await ImportAsync(rest))
        {
            // So that it is being read.
            await Task.Delay(100);
            if (isReset) client.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        await Task.Delay(100);
        await _app.StopAsync();
        _log.ShouldBeQuiet();
        _list.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Import_IsNoHttp_IsToldSo()
    {
        using var client = await ImportAsync("Transfer-Encoding: chunked\r\n\r\nno size\r\n");
        using var reader = new StreamReader(client.GetStream());
        (await reader.ReadLineAsync().WaitAsync(Patience)).ShouldBe("HTTP/1.1 400 Bad Request");
        _log.ShouldBeQuiet();
    }

    private async Task<TcpClient> ImportAsync(string rest)
    {
        var node = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        var client = new TcpClient();
        await client.ConnectAsync(node.Host, node.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {SuppressionEndpoints.Path}/import HTTP/1.1\r\nHost: {node.Authority}\r\nAuthorization: Bearer {Token}\r\n"
            + $"Content-Type: text/csv\r\n{rest}"));
        return client;
    }
}
