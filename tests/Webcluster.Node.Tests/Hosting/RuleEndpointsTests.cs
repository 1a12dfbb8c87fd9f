using System.Net;
using System.Text;
using System.Text.Json;
using Shouldly;
using Webcluster.Node.Cli;
using Xunit;

namespace Webcluster.Node.Tests.Hosting;

/// <summary>/admin/v1/rules of a whole node in this process.</summary>
public sealed class RuleEndpointsTests : IAsyncLifetime
{
    private const string Rule =
        """{"action":"suspend","scope":"site","value":"example.com","reason":"r","author":"anna","until":"2126-01-01T01:00:00+01:00"}""";

    private readonly AdministeredNode _node = new();

    public Task InitializeAsync() => _node.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Rules_AddedShownAndTakenAway()
    {
        using var added = await PostAsync(Rule);
        added.StatusCode.ShouldBe(HttpStatusCode.Created);
        var rule = JsonDocument.Parse(await added.Content.ReadAsStringAsync()).RootElement;
        var place = added.Headers.Location!.ToString();
        place.ShouldBe($"/admin/v1/rules/{rule.GetProperty("id").GetString()}");
        rule.GetProperty("state").GetString().ShouldBe("standing");
        rule.GetProperty("author").GetString().ShouldBe("anna");
        rule.GetProperty("until").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2126, 1, 1, 0, 0, 0, TimeSpan.Zero));

        (await _node.Http.GetStringAsync("/admin/v1/rules")).ShouldContain("\"value\": \"example.com\"");
        (await _node.Http.DeleteAsync(place)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _node.Http.DeleteAsync(place)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _node.Http.GetAsync(place)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _node.Http.GetAsync("/admin/v1/rules/x")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"action":"explode","scope":"site","value":"x","reason":"r"}""")]
    [InlineData("""{"action":1,"scope":"site","value":"x","reason":"r"}""")]
    [InlineData("""{"action":"hold","scope":"tenant","value":null,"reason":null}""")]
    [InlineData("""{"action":"hold","scope":"tenant","value":"x","reason":"r","more":1}""")]
    [InlineData("""{"action":"hold","scope":"message","value":"x","reason":"r"}""", "value names no message")]
    [InlineData("""{"action":"suspend","scope":"lane","value":"google","reason":"r"}""", "value names no lane")]
    [InlineData("""{"action":"move","scope":"tenant","value":"x","reason":""}""",
        "reason must be one line of 1 to 200 characters; pool says where")]
    [InlineData("""{"action":"hold","scope":"tenant","value":"x","reason":"r","until":"2001-01-01T00:00:00Z"}""", "until is in the past")]
    public async Task Rules_NoRule_IsAProblem(string body, string detail = "")
    {
        using var answer = await PostAsync(body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).ShouldContain(detail);
        (await _node.Http.GetStringAsync("/admin/v1/rules")).ShouldContain("\"rules\": []");
    }

    [Theory]
    [InlineData("provider", "Google", "google")]
    [InlineData("lane", "Google/MX.Example|Default", "google/mx.example|default")]
    public async Task Rules_InAnotherCase_AreOfWhatTheQueueNames(string scope, string value, string expected)
    {
        using var added = await PostAsync($$"""{"action":"suspend","scope":"{{scope}}","value":"{{value}}","reason":"r"}""");
        added.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _node.Http.GetStringAsync("/admin/v1/rules")).ShouldContain($"\"value\": \"{expected}\"");
    }

    [Fact]
    public async Task Rules_BodyTooLarge_IsRefused()
    {
        using var answer = await PostAsync(new string(' ', 1 << 20) + Rule);
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Rules_WithoutToken_AreRefused()
    {
        _node.Http.DefaultRequestHeaders.Authorization = null;
        (await _node.Http.GetAsync("/admin/v1/rules")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(Rule)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Commands_AddShowListAndEnd_PrintOneLineEach()
    {
        (await RunAsync("list")).ShouldBe((ExitCode.Ok, "no rule is in force\n"));

        var (code, text) = await RunAsync(
            "add", "suspend", "site", "MX.example.com", "--reason", "they asked us to", "--author", "anna", "--until", "2126-01-01T00:00:00Z");

        code.ShouldBe(ExitCode.Ok, _node.Errors.ToString());
        text.ShouldMatch("^[0-9a-f-]{36}\tsuspend\tsite mx.example.com\tstanding until 2126-01-01 00:00:00Z\t0 held\tanna: they asked us to\n$");
        var id = text.Split('\t')[0];
        (await RunAsync("list")).Text.ShouldBe(text);
        (await RunAsync("show", id)).Text.ShouldBe(text);
        (await RunAsync("end", id)).ShouldBe((ExitCode.Ok, ""));
        (await RunAsync("end", id)).Code.ShouldBe(ExitCode.NothingMatched);
        (await RunAsync("show", id)).Code.ShouldBe(ExitCode.NothingMatched);

        (await RunAsync("add", "move", "tenant", "shop", "--pool", "other", "--reason", "r")).Text
            .ShouldMatch("\tmove\ttenant shop to other\t(running|done)\t0 done\t");
    }

    [Theory]
    [InlineData(ExitCode.Usage, "Argument 'explode' not recognized", "add", "explode", "site", "x", "--reason", "r")]
    [InlineData(ExitCode.Usage, "Option '--reason' is required", "add", "hold", "tenant", "x")]
    [InlineData(ExitCode.Error, "400 value names no message", "add", "hold", "message", "x", "--reason", "r")]
    [InlineData(ExitCode.Error, "400 pool says where move moves to", "add", "move", "tenant", "x", "--reason", "r")]
    [InlineData(ExitCode.Error, "400 until is for suspend and hold", "add", "drop", "tenant", "x", "--reason", "r", "--until", "2126-01-01T00:00:00Z")]
    [InlineData(ExitCode.Error, "400 the body is not the JSON expected", "add", "hold", "tenant", "x", "--reason", "r", "--until", "tomorrow")]
    [InlineData(ExitCode.Error, "400 the id of a rule is a UUID", "end", "x")]
    public async Task Commands_WhatCannotBe_FailsOnOneLine(int code, string error, params string[] arguments)
    {
        (await RunAsync(arguments)).Code.ShouldBe(code);
        _node.Errors.ToString().ShouldMatch($"^webcluster: [^\n]*{System.Text.RegularExpressions.Regex.Escape(error)}[^\n]*\n$");
    }

    private Task<(int Code, string Text)> RunAsync(params string[] arguments) => _node.RunAsync(["rule", .. arguments]);

    private Task<HttpResponseMessage> PostAsync(string body) =>
        _node.Http.PostAsync("/admin/v1/rules", new StringContent(body, Encoding.UTF8, "application/json"));
}
