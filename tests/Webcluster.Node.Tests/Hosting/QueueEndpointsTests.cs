using System.Net;
using Shouldly;
using Webcluster.Node.Cli;
using Xunit;

namespace Webcluster.Node.Tests.Hosting;

/// <summary>/api/v1/queue of a whole node in this process, asked over HTTP and by the command.</summary>
public sealed class QueueEndpointsTests : IAsyncLifetime
{
    private readonly AdministeredNode _node = new();

    public Task InitializeAsync() => _node.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task List_NothingQueued_SaysSo() =>
        (await _node.RunAsync("queue", "list")).ShouldBe(
            (ExitCode.Ok, "0 messages in 0 lanes: 0 ready, 0 scheduled, 0 under way, 0 held\n"), _node.Errors.ToString());

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("")]
    public async Task Show_LimitThatIsNone_IsAProblem(string limit)
    {
        using var answer = await _node.Http.GetAsync($"/api/v1/queue?limit={limit}");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("limit must be 1 to 1000");
    }

    [Fact]
    public async Task List_LimitThatIsNone_FailsOnOneLine()
    {
        (await _node.RunAsync("queue", "list", "--limit", "0")).Code.ShouldBe(ExitCode.Error);
        _node.Errors.ToString().ShouldMatch("^webcluster: [^\n]+: 400 limit must be 1 to 1000\n$");
    }
}
