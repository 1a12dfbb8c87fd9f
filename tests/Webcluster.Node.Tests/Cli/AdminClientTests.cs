using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Shouldly;
using Webcluster.Node.Cli;
using Webcluster.Node.Http;
using Webcluster.TestKit.Processes;
using Xunit;

namespace Webcluster.Node.Tests.Cli;

public sealed class AdminClientTests
{
    [Fact]
    public async Task Get_ProxyOfTheEnvironment_DoesNotGetTheToken()
    {
        var nobody = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var proxy = new ProxyOfTest(nobody);
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = proxy;
        try
        {
            using var client = new AdminClient(nobody, "secret");
            await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync<object>("/admin/v1/node", CancellationToken.None));
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }

        proxy.Asked.ShouldBe(0);
    }

    [Theory]
    [InlineData("", "/admin/v1/a%2Fb?c=d")]
    [InlineData("/", "/admin/v1/a%2Fb?c=d")]
    [InlineData("/nodes/1", "/nodes/1/admin/v1/a%2Fb?c=d")]
    [InlineData("/nodes/1/", "/nodes/1/admin/v1/a%2Fb?c=d")]
    public async Task Get_NodeBelowAPath_IsAskedThere(string below, string expected)
    {
        await using var node = await AnsweringAsync(context => context.AnswerAsync(context.Request.GetEncodedPathAndQuery()));
        using var client = new AdminClient(new Uri(node.Urls.Single() + below), "secret");

        (await client.GetAsync<string>("/admin/v1/a%2Fb?c=d", CancellationToken.None)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("application/problem+json", """{"detail": "the address is not suppressed"}""", true, "the address is not suppressed")]
    [InlineData("application/problem+json", """{"detail": "nothing is here"}""", false, "404 nothing is here")]
    [InlineData("application/problem+json", """["detail"]""", false, "404 Not Found")]
    [InlineData("application/json", """{"detail": "Not Found"}""", false, "404 Not Found")]
    [InlineData("text/html", "<h1>nginx</h1>", false, "404 Not Found")]
    public async Task Get_NotFound_IsWhatANodeSaysAndNobodyElse(string type, string body, bool isNothing, string message)
    {
        await using var node = await AnsweringAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        });
        using var client = new AdminClient(new Uri(node.Urls.Single()), "secret");

        var error = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync<object>("/", CancellationToken.None));

        (error is NothingFoundException, error.Message).ShouldBe((isNothing, message));
    }

    private static async Task<WebApplication> AnsweringAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    /// <summary>For one address; tests beside this one are not to notice.</summary>
    private sealed class ProxyOfTest(Uri address) : IWebProxy
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : address;

        public bool IsBypassed(Uri host)
        {
            if (host.Authority != address.Authority) return true;
            Interlocked.Increment(ref _asked);
            return false;
        }
    }
}
