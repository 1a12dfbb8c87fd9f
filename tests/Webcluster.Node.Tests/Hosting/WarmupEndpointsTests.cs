using System.Net;
using System.Text;
using System.Text.Json;
using Shouldly;
using Webcluster.Node.Cli;
using Xunit;

namespace Webcluster.Node.Tests.Hosting;

/// <summary>/admin/v1/warmup and /admin/v1/waiting of a whole node in this process, asked over HTTP and by the commands.</summary>
public sealed class WarmupEndpointsTests : IAsyncLifetime
{
    private readonly AdministeredNode _node = new();

    public Task InitializeAsync() => _node.StartAsync(
        ("WEBCLUSTER__SOURCES__0__NAME", "new"), ("WEBCLUSTER__SOURCES__0__ADDRESS", "127.0.0.1"),
        ("WEBCLUSTER__SOURCES__0__WARMUP__PLAN", "stages"),
        ("WEBCLUSTER__SOURCES__1__NAME", "old"), ("WEBCLUSTER__SOURCES__1__ADDRESS", "127.0.0.2"));

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Warmup_SetAndListed()
    {
        (await _node.Http.GetStringAsync("/admin/v1/warmup")).ShouldContain("\"warmups\": []");

        using var answer = await PutAsync("new/google", """{"step": 3, "author": "anna"}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var set = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        (Number(set, "step"), Number(set, "steps"), Number(set, "budget"), Number(set, "used"), Number(set, "refused")).ShouldBe((3, 17, 1000, 0, 0));
        await PutAsync("new/yahoo", """{"step": 1}""");

        (await ListedAsync("")).ShouldBe(["new google 3", "new yahoo 1"]);
        (await ListedAsync("?provider=yahoo")).ShouldBe(["new yahoo 1"]);
        (await ListedAsync("?source=new&provider=google")).ShouldBe(["new google 3"]);
        (await ListedAsync("?source=old")).ShouldBeEmpty();

        using var warm = await PutAsync("new/google", """{"step": "warm"}""");
        (await warm.Content.ReadAsStringAsync()).ShouldContain("\"step\": null");
        (await ListedAsync("")).ShouldBe(["new yahoo 1"]);
    }

    [Theory]
    [InlineData("new/google", """{"step": 0}""", HttpStatusCode.BadRequest, "step must be 1 to 17, or \\\"warm\\\"")]
    [InlineData("new/google", """{"step": 18}""", HttpStatusCode.BadRequest, "step must be")]
    [InlineData("new/google", """{"step": 1.5}""", HttpStatusCode.BadRequest, "step must be")]
    [InlineData("new/google", """{"step": "hot"}""", HttpStatusCode.BadRequest, "step must be")]
    [InlineData("new/google", """{"step": null}""", HttpStatusCode.BadRequest, "step must be")]
    [InlineData("new/google", "{}", HttpStatusCode.BadRequest, "the body is not the JSON expected")]
    [InlineData("new/google", """{"step": 1, "plan": "linear"}""", HttpStatusCode.BadRequest, "the body is not the JSON expected")]
    [InlineData("new/google", """{"step": 1, "author": "a\nb"}""", HttpStatusCode.BadRequest, "author must be one line")]
    [InlineData("new/nobody", """{"step": 1}""", HttpStatusCode.NotFound, "no provider nobody")]
    [InlineData("lost/google", """{"step": 1}""", HttpStatusCode.NotFound, "there is no source lost")]
    [InlineData("old/google", """{"step": 1}""", HttpStatusCode.Conflict, "source old has no warm-up plan")]
    public async Task Warmup_WhatCannotBeSet_IsAProblem(string path, string body, HttpStatusCode status, string detail)
    {
        using var answer = await PutAsync(path, body);

        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).ShouldContain(detail);
        (await ListedAsync("")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Warmup_WithoutToken_IsRefused()
    {
        _node.Http.DefaultRequestHeaders.Authorization = null;
        (await PutAsync("new/google", """{"step": 1}""")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _node.Http.GetAsync("/admin/v1/warmup")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Commands_SetAndList_PrintOneLineEach()
    {
        (await RunAsync("warmup", "list")).ShouldBe((ExitCode.Ok, "no source is being warmed up\n"));

        var (code, text) = await RunAsync("warmup", "set", "new", "google", "2", "--author", "anna");

        code.ShouldBe(ExitCode.Ok, _node.Errors.ToString());
        text.ShouldMatch("^new\tgoogle\tstages\tstep 2 of 17\t[0-9]{4}-[0-9]{2}-[0-9]{2}: 0 of 500 used, 0 refused\n$");
        (await RunAsync("warmup", "list", "--source", "new")).Text.ShouldBe(text);
        (await RunAsync("warmup", "list", "--provider", "yahoo")).Text.ShouldBe("no source is being warmed up\n");
        (await RunAsync("warmup", "set", "new", "google", "warm")).Text.ShouldMatch("^new\tgoogle\tstages\twarm\t[0-9-]+: 0 used, 0 refused\n$");
    }

    [Fact]
    public async Task Commands_WhatCannotBe_FailOnOneLine()
    {
        (await RunAsync("warmup", "set", "new", "google", "hot")).Code.ShouldBe(ExitCode.Usage);
        (await RunAsync("warmup", "set", "new", "google", "99")).Code.ShouldBe(ExitCode.Error);
        _node.Errors.ToString().ShouldMatch("^webcluster: 'hot' is no step[^\n]+\nwebcluster: http://[^ ]+: 400 step must be 1 to 17[^\n]+\n$");
    }

    [Fact]
    public async Task Why_NothingQueued_SaysSo()
    {
        (await RunAsync("why", "example.com")).Code.ShouldBe(ExitCode.NothingMatched);
        (await RunAsync("why", "0191a2b3-c4d5-7e6f-8a9b-acbdcedfe0f1")).Code.ShouldBe(ExitCode.NothingMatched);
        (await RunAsync("why", "not a domain")).Code.ShouldBe(ExitCode.Error);
        _node.Errors.ToString().ShouldMatch(
            "^webcluster: no mail to example.com is queued\nwebcluster: no such message[^\n]+\nwebcluster: [^ ]+: 400 'not a domain' is no domain\n$");
    }

    private Task<HttpResponseMessage> PutAsync(string path, string body) =>
        _node.Http.PutAsync($"/admin/v1/warmup/{path}", new StringContent(body, Encoding.UTF8, "application/json"));

    private async Task<IReadOnlyList<string>> ListedAsync(string query)
    {
        var list = JsonDocument.Parse(await _node.Http.GetStringAsync("/admin/v1/warmup" + query)).RootElement.GetProperty("warmups");
        return [.. list.EnumerateArray().Select(one => $"{one.GetProperty("source")} {one.GetProperty("provider")} {one.GetProperty("step")}")];
    }

    private Task<(int Code, string Text)> RunAsync(params string[] arguments) => _node.RunAsync(arguments);

    private static int Number(JsonElement view, string name) => view.GetProperty(name).GetInt32();
}
