using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Webcluster.Node.Classification;
using Webcluster.Node.Cli;
using Webcluster.Node.Http;
using Webcluster.Protocol.Classification;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Node.Tests.Http;

/// <summary>/admin/v1/replies/unsure, asked over HTTP and by `classify unsure`.</summary>
public sealed class ReplyEndpointsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly UnsureReplies _unsure = new(new ManualClock());
    private readonly Uri _address = new($"http://127.0.0.1:{TestKit.Processes.Ports.Free()}");
    private readonly WebApplication _app;

    public ReplyEndpointsTests()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _address.Port));
        builder.Services.AddRouting();
        builder.Services.AddSingleton(_unsure);
        _app = builder.Build();
        _app.MapReplies();
    }

    public Task InitializeAsync() => _app.StartAsync();

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Unsure_OfARunningNode_IsATableToLabel()
    {
        _unsure.Note("450 4.0.0 <anna@rcpt.example> rare words", BounceClass.TransientOther);
        _unsure.Note("550 qqqq wwww", BounceClass.PermanentOther);
        _unsure.Note("550 qqqq wwww", BounceClass.PermanentOther);

        using var http = new HttpClient { BaseAddress = _address };
        (await http.GetStringAsync("/admin/v1/replies/unsure")).ShouldContain("\"guess\": \"permanent-other\"");

        using var output = new StringWriter { NewLine = "\n" };
        var context = new CliContext(TextReader.Null, output, output, new Dictionary<string, string>(), _folder.Path);
        string[] arguments = ["classify", "unsure", "--url", _address.ToString(), "--token-file", _folder.Write("token", new string('x', 40))];
        (await CommandLine.InvokeAsync(arguments, context)).ShouldBe(ExitCode.Ok, output.ToString());
        output.ToString().ShouldBe(
            "unified_category\tweight\tguess\treply\n\t2\tpermanent-other\t550 qqqq wwww\n\t1\ttransient-other\t450 4.0.0 {addr} rare words\n");
    }
}
