using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Webcluster.Delivery.Pump;
using Webcluster.Node.Cli;
using Webcluster.Node.Configuration;
using Webcluster.Node.FirstRun;
using Webcluster.Node.Hosting;
using Webcluster.Node.Tests.Simulator;
using Webcluster.TestKit.Processes;
using Xunit;

namespace Webcluster.Node.Tests.Hosting;

/// <summary>A whole node in this process, as the first run makes it, on free ports.</summary>
public sealed class NodeHostTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly Dictionary<string, string> _environment;
    private NodeHost _node = null!;
    private LoadedConfiguration _loaded = null!;
    private string _password = "";

    public NodeHostTests()
    {
        var ports = Ports.Free(5);
        _environment = new Dictionary<string, string>
        {
            ["XDG_STATE_HOME"] = _folder.Path,
            ["WEBCLUSTER__LOG__LEVEL"] = "error",
            ["WEBCLUSTER__SUBMISSION__LISTENERS__0__ADDRESS"] = $"127.0.0.1:{ports[0]}",
            ["WEBCLUSTER__SUBMISSION__LISTENERS__1__ADDRESS"] = $"127.0.0.1:{ports[1]}",
            ["WEBCLUSTER__HTTP__LISTEN"] = $"127.0.0.1:{ports[2]}",
            ["WEBCLUSTER__SIMULATOR__LISTEN"] = $"127.0.0.1:{ports[3]}",
            ["WEBCLUSTER__AGENT_CHECK__LISTEN"] = $"127.0.0.1:{ports[4]}",
            ["WEBCLUSTER__SIMULATOR__FAULTS"] = "",
        };
        _http.BaseAddress = new Uri($"http://127.0.0.1:{ports[2]}");
    }

    public async Task InitializeAsync()
    {
        _loaded = ConfigurationLoader.Load(null, _environment, _folder.Path);
        _loaded.Problems.ShouldBeEmpty();
        _password = FirstRunSetup.Ensure(_loaded, DateTimeOffset.UtcNow)!;
        _node = NodeHost.Build(_loaded);
        await _node.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Node_MailWithPassword_ComesSignedToTheSimulator()
    {
        await using var talk = await SmtpTalk.GreetedAsync(IPEndPoint.Parse(_loaded.Options.Submission.Listeners[0].Address));
        (await talk.SayAsync("STARTTLS")).ShouldStartWith("220 ");
        await talk.StartTlsAsync();
        await talk.SayAsync("EHLO test.example");
        var secret = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"\0demo\0{_password}"));
        (await talk.SayAsync($"AUTH PLAIN {secret}")).ShouldStartWith("235 ");
        await talk.SayAsync("MAIL FROM:<hello@example.com>");
        await talk.SayAsync("RCPT TO:<anna@example.net>");
        await talk.SayAsync("DATA");
        (await talk.SayAsync("From: hello@example.com\r\nSubject: <b>x</b>\r\n\r\nbody\r\n.")).ShouldStartWith("250 ");

        var message = (await UntilTakenAsync()).GetProperty("messages")[0];
        message.GetProperty("recipients")[0].GetString().ShouldBe("anna@example.net");
        message.GetProperty("dkim").EnumerateArray().Select(result => result.GetString())
            .ShouldBe(["pass example.com/rsa", "pass example.com/ed25519"]);
        message.GetProperty("tls").GetString().ShouldBe("TLSv1.3");
        var page = await _http.GetStringAsync("/simulator");
        page.ShouldContain("&lt;b&gt;x&lt;/b&gt;");
        page.ShouldNotContain("<b>x</b>");
        var raw = await _http.GetAsync($"/simulator/messages/{message.GetProperty("id")}");
        raw.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        raw.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await raw.Content.ReadAsStringAsync()).ShouldContain("\r\nSubject: <b>x</b>\r\n\r\nbody\r\n");
    }

    [Theory]
    [InlineData("/livez", 200, "ok\n")]
    [InlineData("/readyz", 200, "\"ready\": true")]
    [InlineData("/metrics", 200, "webcluster_build_info{version=\"")]
    [InlineData("/api/v1/queue", 200, "\"accepting\": true")]
    [InlineData("/api/v1/messages/0195d0c8-0000-7000-8000-000000000000", 404, "no such message is queued (any more)")]
    [InlineData("/api/v1/messages/x", 400, "the id of a message is a UUID")]
    [InlineData("/simulator/messages", 200, "\"taken\": 0")]
    [InlineData("/simulator/messages/1", 404, "no such message is kept (any more)")]
    [InlineData("/nothing", 404, "nothing is here")]
    public async Task Http_Path_Answers(string path, int status, string content)
    {
        var answer = await _http.GetAsync(path);
        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(content);
        if (status >= 400) answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("/livez", 200)]
    [InlineData("/readyz", 200)]
    [InlineData("/metrics", 200)]
    [InlineData("/api/v1/queue", 200)]
    [InlineData("/simulator", 200)]
    [InlineData("/nothing", 404)]
    public async Task Http_Head_IsAsGetWithoutTheBody(string path, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        var answer = await _http.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType.ShouldBe((await _http.GetAsync(path)).Content.Headers.ContentType);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("POST", "/readyz", 405, "GET, HEAD")]
    [InlineData("DELETE", "/api/v1/queue", 405, "GET, HEAD")]
    [InlineData("GET", "/admin/v1/node/drain", 401, "")]
    public async Task Http_WrongMethod_IsToldTheRightOnes(string method, string path, int status, string allow)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var answer = await _http.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status);
        string.Join(", ", answer.Content.Headers.Allow.Order()).ShouldBe(allow);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Http_Metrics_NamesItsFormat() =>
        (await _http.GetAsync("/metrics")).Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");

    [Fact]
    public async Task Http_SimulatorUnderAForeignName_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/simulator/messages") { Headers = { Host = "rebound.example" } };
        (await _http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("GET", "/admin/v1/node", null)]
    [InlineData("POST", "/admin/v1/node/drain", "Bearer 0123456789abcdef0123456789abcdef")]
    [InlineData("POST", "/ADMIN/v1/node/resume", "Bearer")]
    [InlineData("GET", "/admin/nothing", "Basic eDp5")]
    public async Task Http_AdminWithoutTheToken_IsRefused(string method, string path, string? authorization)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        var answer = await _http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Http_Drain_IsToldEverywhereAndUndone()
    {
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_loaded.Options.Admin.TokenFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await AdminAsync("drain", "{\"reason\": \"kernel update\"}")).ShouldSatisfyAllConditions(
            node => node.GetProperty("state").GetString().ShouldBe("draining"),
            node => node.GetProperty("reason").GetString().ShouldBe("kernel update"),
            node => node.GetProperty("submission").GetProperty("open").GetBoolean().ShouldBeFalse(),
            node => node.GetProperty("delivery").GetProperty("open").GetBoolean().ShouldBeFalse());
        var ready = await _http.GetAsync("/readyz");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync()).ShouldContain("\"draining\"");
        (await AgentAsync()).ShouldBe("drain\n");
        (await GreetingAsync()).ShouldStartWith("421 4.3.2 ");

        (await AdminAsync("resume", null)).GetProperty("state").GetString().ShouldBe("ready");
        (await _http.GetAsync("/readyz")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AgentAsync()).ShouldBe("up ready\n");
        (await GreetingAsync()).ShouldStartWith("220 ");
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    [InlineData("{\"raeson\": \"x\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"reason\": \"a\\nb\"}", HttpStatusCode.BadRequest)]
    public async Task Http_DrainWithAWrongBody_IsRefused(string body, HttpStatusCode expected)
    {
        var answer = await SendAdminAsync("drain", body);
        answer.StatusCode.ShouldBe(expected);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await AgentAsync()).ShouldBe("up ready\n");
    }

    [Fact]
    public async Task Http_DrainWithALargeBody_IsRefused() =>
        (await SendAdminAsync("drain", $"{{\"reason\": \"{new string('x', 20_000)}\"}}"))
            .StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public async Task Command_Node_DrainsShowsAndResumes()
    {
        (await NodeCommandAsync("drain", "--reason", "test", "--wait", "10s")).ShouldContain("draining since");
        (await NodeCommandAsync("status")).ShouldSatisfyAllConditions(
            output => output.ShouldContain(": test\n"), output => output.ShouldContain("no: draining"),
            output => output.ShouldContain("closed, 0 sessions"));
        (await NodeCommandAsync("resume")).ShouldContain("ready since");
    }

    [Fact]
    public async Task RunToEnd_Cancelled_StopsOrderly()
    {
        using var stop = new CancellationTokenSource();
        await using var idle = await SmtpTalk.GreetedAsync(IPEndPoint.Parse(_loaded.Options.Submission.Listeners[0].Address));
        var ending = _node.RunToEndAsync(stop.Token);
        await stop.CancelAsync();
        (await idle.HearAsync()).ShouldStartWith("421 4.3.2 ");
        (await ending).ShouldBeTrue();
        await Should.ThrowAsync<HttpRequestException>(() => _http.GetAsync("/livez"));
    }

    [Fact]
    public async Task RunToEnd_WhileAnImportRuns_StopsAllTheSame()
    {
        using var stop = new CancellationTokenSource();
        using var endless = new EndlessContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/v1/suppressions/import") { Content = endless };
        request.Headers.Authorization = new("Bearer", File.ReadAllText(_loaded.Options.Admin.TokenFile).Trim());
        var importing = _http.SendAsync(request);
        await endless.Begun;
        var ending = _node.RunToEndAsync(stop.Token);

        await stop.CancelAsync();

        // Of the 30 s that a node has.
        (await ending.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue();
        await Should.ThrowAsync<HttpRequestException>(importing);
    }

    [Fact]
    public async Task Start_AddressInUse_ClaimsNothing_AndStopsWhatWasStarted()
    {
        using var folder = new TemporaryFolder();
        var free = Ports.Free(3);
        var environment = new Dictionary<string, string>(_environment)
        {
            ["XDG_STATE_HOME"] = folder.Path,
            ["WEBCLUSTER__SUBMISSION__LISTENERS__0__ADDRESS"] = $"127.0.0.1:{free[0]}",
            ["WEBCLUSTER__SUBMISSION__LISTENERS__1__ADDRESS"] = $"127.0.0.1:{free[1]}",
            ["WEBCLUSTER__SIMULATOR__LISTEN"] = $"127.0.0.1:{free[2]}",
        };
        var loaded = ConfigurationLoader.Load(null, environment, folder.Path);
        FirstRunSetup.Ensure(loaded, DateTimeOffset.UtcNow);
        var second = NodeHost.Build(loaded);
        var delivery = second.Services.GetRequiredService<DeliveryGate>();

        await Should.ThrowAsync<IOException>(() => second.StartAsync(CancellationToken.None));

        delivery.IsOpen.ShouldBeFalse();
        var loops = second.Services.GetServices<IHostedService>().OfType<BackgroundService>().Select(loop => loop.ExecuteTask).ToList();
        loops.ShouldContain(loop => loop != null && !loop.IsCompleted, "some had been started");
        await second.DisposeAsync();
        loops.ShouldAllBe(loop => loop == null || loop.IsCompleted);
    }

    [Fact]
    public async Task Run_WhatAnotherNodeHas_IsSaidOnOneLineWithExitCode1()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter { NewLine = "\n" };
        (await CommandLine.InvokeAsync(["run"], new CliContext(TextReader.Null, output, errors, _environment, _folder.Path)))
            .ShouldBe(ExitCode.Error);
        errors.ToString().ShouldMatch("^webcluster: [^\n]+\n$");
    }

    [Fact]
    public async Task Run_AddressThatIsNotThisMachines_IsOneLineAndExitCode1()
    {
        using var folder = new TemporaryFolder();
        using var output = new StringWriter();
        using var errors = new StringWriter { NewLine = "\n" };
        var environment = new Dictionary<string, string>(_environment)
        {
            ["XDG_STATE_HOME"] = folder.Path,
            // For documentation: no machine has it.
            ["WEBCLUSTER__SUBMISSION__LISTENERS__0__ADDRESS"] = "192.0.2.1:2587",
            ["WEBCLUSTER__SIMULATOR__LISTEN"] = $"127.0.0.1:{Ports.Free()}",
        };

        (await CommandLine.InvokeAsync(["run"], new CliContext(TextReader.Null, output, errors, environment, folder.Path)))
            .ShouldBe(ExitCode.Error);

        errors.ToString().ShouldMatch("^webcluster: cannot listen on 192\\.0\\.2\\.1:2587: [^\n]+\n$");
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task EndedWell_LoopThatDied_IsTold(bool dies, bool expected)
    {
        using var loop = new Loop(dies);
        await loop.StartAsync(CancellationToken.None);
        if (dies) await Should.ThrowAsync<InvalidOperationException>(loop.ExecuteTask!);
        await loop.StopAsync(CancellationToken.None);
        NodeHost.EndedWell([loop]).ShouldBe(expected);
    }

    /// <summary>A file that never ends.</summary>
    private sealed class EndlessContent : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndlessContent() => Headers.ContentType = new("text/csv");

        public Task Begun => _begun.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var line = 0; ; line++, await Task.Delay(20))
            {
                await stream.WriteAsync("anna@example.net\n"u8.ToArray());
                await stream.FlushAsync();
                if (line == 2) _begun.SetResult();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class Loop(bool dies) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            dies ? Task.FromException(new InvalidOperationException("died")) : Task.Delay(Timeout.Infinite, stoppingToken);
    }

    private async Task<JsonElement> UntilTakenAsync()
    {
        for (var i = 0; ; i++)
        {
            var list = JsonDocument.Parse(await _http.GetStringAsync("/simulator/messages")).RootElement;
            if (list.GetProperty("taken").GetInt32() > 0 || i == 400) return list;
            await Task.Delay(25);
        }
    }

    private Task<HttpResponseMessage> SendAdminAsync(string verb, string? body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/v1/node/{verb}")
        {
            Content = body is null ? null : new StringContent(body),
        };
        request.Headers.Authorization = new("Bearer", File.ReadAllText(_loaded.Options.Admin.TokenFile).Trim());
        return _http.SendAsync(request);
    }

    private async Task<JsonElement> AdminAsync(string verb, string? body)
    {
        var answer = await SendAdminAsync(verb, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<string> NodeCommandAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter();
        var code = await CommandLine.InvokeAsync(
            ["node", .. arguments], new CliContext(TextReader.Null, output, errors, _environment, _folder.Path));
        code.ShouldBe(ExitCode.Ok, errors.ToString());
        return output.ToString();
    }

    private async Task<string> AgentAsync() => await ReadAsync(_loaded.Options.AgentCheck.Listen, reader => reader.ReadToEndAsync());

    private async Task<string> GreetingAsync() =>
        await ReadAsync(_loaded.Options.Submission.Listeners[0].Address, async reader => await reader.ReadLineAsync() ?? "");

    private static async Task<string> ReadAsync(string address, Func<StreamReader, Task<string>> read)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(address));
        using var reader = new StreamReader(client.GetStream());
        return await read(reader).WaitAsync(TimeSpan.FromSeconds(20));
    }
}
