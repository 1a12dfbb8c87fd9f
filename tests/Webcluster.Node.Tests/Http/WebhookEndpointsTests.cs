using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Webcluster.Node.Cli;
using Webcluster.Node.Http;
using Webcluster.Node.Tests.Webhooks;
using Webcluster.Node.Webhooks;
using Webcluster.Node.Webhooks.Payloads;
using Webcluster.Node.Webhooks.State;
using Webcluster.Node.Webhooks.Wishes;
using Webcluster.Queue.Events;
using Webcluster.Queue.Sessions;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Node.Tests.Http;

/// <summary>/admin/v1/webhooks, asked over HTTP and by the commands; nobody sends.</summary>
public sealed class WebhookEndpointsTests : IAsyncLifetime
{
    private static readonly NodeId Sender = new("mta1/1");

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly FakeFeedStore _feeds;
    private readonly HttpClient _http = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };
    private readonly WebApplication _app;
    private readonly string[] _where;

    public WebhookEndpointsTests()
    {
        _feeds = new FakeFeedStore(_clock);
        var port = TestKit.Processes.Ports.Free();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddRouting();
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.AddSingleton<IFeedStore>(_feeds);
        builder.Services.AddSingleton(new WebhookBook(
        [
            WebhookSamples.Endpoint(url: "https://hooks.example.com/mail?key=hidden") with
            {
                Tenant = "shop", Kinds = new HashSet<MailEventKind> { MailEventKind.Complained, MailEventKind.BouncedLater },
            },
            WebhookSamples.Endpoint("off", "https://hooks.example.com/off") with { Disabled = true },
        ]));
        _app = builder.Build();
        _app.MapWebhooks();
        _http.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        _where = ["--url", _http.BaseAddress.ToString(), "--token-file", _folder.Write("token", new string('x', 40))];
    }

    public Task InitializeAsync() => _app.StartAsync();

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task List_ShowsHowAllStand_WithoutWhatIsSecret()
    {
        await StoreAsync(new EndpointState { FailingSince = _clock.Now, Rest = new Rest(_clock.Now.AddSeconds(10), TimeSpan.FromSeconds(10)), Delivered = 7 });

        var text = await _http.GetStringAsync("/admin/v1/webhooks");

        text.ShouldNotContain("whsec");
        text.ShouldNotContain("hidden");
        var list = JsonDocument.Parse(text).RootElement.GetProperty("webhooks");
        list.EnumerateArray().Select(one => $"{one.GetProperty("name")} {one.GetProperty("condition")} {one.GetProperty("node")} {one.GetProperty("delivered")}")
            .ShouldBe(["hook resting mta1/1 7", "off disabled  0"]);
        list[0].GetProperty("events").EnumerateArray().Select(kind => kind.GetString()).ShouldBe(["bounced_later", "complained"]);
    }

    [Fact]
    public async Task Show_HasWhatWaitsAndTheLastRequests()
    {
        await StoreAsync(Busy());

        var detail = JsonDocument.Parse(await _http.GetStringAsync("/admin/v1/webhooks/hook")).RootElement;

        detail.GetProperty("webhook").GetProperty("condition").GetString().ShouldBe("failing");
        detail.GetProperty("parked")[0].GetProperty("messages")[0].GetString().ShouldBe("m");
        detail.GetProperty("attempts")[0].GetProperty("error").GetString().ShouldBe("500");
        detail.GetProperty("attempts")[0].GetProperty("took_ms").GetInt32().ShouldBe(12);
        (await _http.GetAsync("/admin/v1/webhooks/nobody")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("enable", "", WishKind.Enable, null)]
    [InlineData("disable", """{"author": "anna"}""", WishKind.Disable, "anna")]
    [InlineData("test", "{}", WishKind.Test, null)]
    [InlineData("replay", """{"event": "evt-1", "author": "anna"}""", WishKind.Replay, "anna")]
    internal async Task Post_BecomesAWishForWhoeverSends(string verb, string body, WishKind what, string? author)
    {
        using var answer = await PostAsync($"hook/{verb}", body);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var wish = (await WishesAsync()).Single();
        (wish.Do, wish.Author, wish.At).ShouldBe((what, author, _clock.Now));
    }

    [Theory]
    [InlineData("hook/replay", "{}", HttpStatusCode.BadRequest, "needs event, or from")]
    [InlineData("hook/replay", """{"event": "a", "from": "2026-11-22T00:00:00Z"}""", HttpStatusCode.BadRequest, "not both")]
    [InlineData("hook/replay", """{"event": ""}""", HttpStatusCode.BadRequest, "is no event's id")]
    [InlineData("hook/replay", """{"event": "a b"}""", HttpStatusCode.BadRequest, "is no event's id")]
    [InlineData("hook/replay", """{"from": "2026-11-22T00:00:00Z", "to": "2026-11-21T00:00:00Z"}""", HttpStatusCode.BadRequest, "to is before from")]
    [InlineData("hook/replay", """{"from": "yesterday"}""", HttpStatusCode.BadRequest, "not the JSON expected")]
    [InlineData("hook/replay", "", HttpStatusCode.BadRequest, "not the JSON expected")]
    [InlineData("hook/enable", """{"author": "a\nb"}""", HttpStatusCode.BadRequest, "author must be one line")]
    [InlineData("hook/enable", """{"who": "anna"}""", HttpStatusCode.BadRequest, "not the JSON expected")]
    [InlineData("nobody/enable", "", HttpStatusCode.NotFound, "there is no webhook nobody")]
    [InlineData("off/enable", "", HttpStatusCode.Conflict, "webhook off is disabled by the configuration")]
    public async Task Post_WhatCannotBe_IsAProblem(string path, string body, HttpStatusCode status, string detail)
    {
        using var answer = await PostAsync(path, body);

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(detail);
        (await WishesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_BeyondAHundredWishes_IsAConflict()
    {
        for (var i = 0; i < 100; i++) (await PostAsync("hook/test", "")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await PostAsync("hook/test", "")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Commands_ShowAndAsk()
    {
        await StoreAsync(Busy());

        (await RunAsync("webhook", "list")).ShouldBe((ExitCode.Ok,
            "hook\tfailing since 2026-11-22T02:34:56Z\t1 parked\t0 delivered\thttps://hooks.example.com/mail\n"
            + "off\tdisabled: by the configuration\t0 parked\t0 delivered\thttps://hooks.example.com/off\n"), _errors.ToString());
        (await RunAsync("webhook", "show", "hook")).Text.ShouldBe(
            "hook\tfailing since 2026-11-22T02:34:56Z\t1 parked\t0 delivered\thttps://hooks.example.com/mail\n"
            + "events      bounced_later, complained, of tenant shop, 1 in a request\n"
            + "node        mta1/1\n"
            + "not sent    0 given up, 0 missed\n"
            + "parked      evt-1\tmessage.delivered\t1 attempts\tdue 2026-11-22T02:35:01Z\n"
            + "2026-11-22T02:34:56Z  evt-1\tmessage.delivered\t500\t12 ms\n");
        (await RunAsync("webhook", "disable", "hook", "--author", "anna")).ShouldBe(
            (ExitCode.Ok, "disable of webhook hook is asked of the node that sends\n"));
        (await RunAsync("webhook", "replay", "hook", "--from", "2026-11-22T00:00:00Z")).Code.ShouldBe(ExitCode.Ok, _errors.ToString());

        var wishes = await WishesAsync();
        wishes.Select(wish => (wish.Do, wish.Author)).ShouldBe([(WishKind.Disable, "anna"), (WishKind.Replay, null)]);
        wishes[1].From.ShouldBe(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Commands_WhatCannotBe_FailOnOneLine()
    {
        (await RunAsync("webhook", "replay", "hook")).Code.ShouldBe(ExitCode.Usage);
        (await RunAsync("webhook", "replay", "hook", "--from", "noon or so")).Code.ShouldBe(ExitCode.Usage);
        (await RunAsync("webhook", "test", "nobody")).Code.ShouldBe(ExitCode.NothingMatched);
        _errors.ToString().ShouldMatch(
            "^webcluster: replay needs --event or --from\nwebcluster: 'noon or so' is no time[^\n]+\nwebcluster: there is no webhook nobody\n$");
    }

    [Fact]
    public async Task Secret_IsPrinted() =>
        (await CommandAsync("webhook", "secret")).Text.ShouldMatch("^whsec_[A-Za-z0-9+/]{43}=\n$");

    private EndpointState Busy() => new()
    {
        FailingSince = _clock.Now,
        Parked = new ParkedParcels([new ParkedParcel(new ParcelWriter(1).Pack([WebhookSamples.Stored(1, "m")]), 1, _clock.Now.AddSeconds(5))]),
        Attempts = [new Attempt(_clock.Now, "evt-1", "message.delivered", 1, 500, "500", 12)],
    };

    private async Task StoreAsync(EndpointState state) =>
        await _feeds.SaveAsync("webhook-hook", Sender, EndpointStateJson.Encode(state), 0, TimeSpan.FromMinutes(1), CancellationToken.None);

    private async Task<IReadOnlyList<Wish>> WishesAsync() =>
        [.. (await _feeds.ShowAsync("webhook-hook", CancellationToken.None)).Wishes.Select(wish => Wish.Decode(wish)!)];

    private Task<HttpResponseMessage> PostAsync(string path, string body) => _http.PostAsync(
        $"/admin/v1/webhooks/{path}", body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, "application/json"));

    private Task<(int Code, string Text)> RunAsync(params string[] arguments) => CommandAsync([.. arguments, .. _where]);

    private async Task<(int Code, string Text)> CommandAsync(params string[] arguments)
    {
        _output.GetStringBuilder().Clear();
        var environment = new Dictionary<string, string> { ["XDG_STATE_HOME"] = _folder.Path };
        var context = new CliContext(new StringReader(""), _output, _errors, environment, _folder.Path);
        return (await CommandLine.InvokeAsync(arguments, context), _output.ToString());
    }
}
