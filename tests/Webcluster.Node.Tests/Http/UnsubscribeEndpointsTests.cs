using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Webcluster.Node.Http;
using Webcluster.Node.Lifecycle;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Submission;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Listeners;
using Webcluster.Submission.Suppressing;
using Webcluster.Submission.Unsubscribing;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Metrics;
using Xunit;

namespace Webcluster.Node.Tests.Http;

/// <summary>The public listener over real sockets, with a log of events that the test looks into.</summary>
public sealed class UnsubscribeEndpointsTests : IAsyncLifetime
{
    private static readonly TokenKeyRing Keys = new([TokenKey.Create(1, "0123456789abcdef0123456789abcdef", out _)!]);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly UnsubscribeToken Token = new("shop", "", new("<ann>", "example.org"), new DateOnly(2100, 1, 1));

    private readonly TestLog _log = new();
    private readonly EventsOfTest _events = new();
    private readonly SuppressorOfTest _suppressor = new();
    private readonly TestMeters _meters = new();
    private readonly HttpClient _http = new();
    private readonly RequestBound _bound = new(TimeProvider.System);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var metrics = new WayBackMetrics(_meters);
        var links = new UnsubscribeLinks(new UnsubscribeOptions { Url = "https://m.example" }, Keys, null);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<ILoggerFactory>(_log);
        builder.Services.AddSingleton(new Unsubscriber(
            links, _events, _suppressor, metrics, TimeProvider.System, NullLogger<Unsubscriber>.Instance));
        builder.Services.AddSingleton(_bound);
        builder.Services.AddSingleton(new UnsubscribeMeter(new AddressMeter(TimeProvider.System, mostPerMinute: 20)));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenPublic(
            new IPEndPoint(IPAddress.Loopback, 0), tls: null, new OpenConnections(100, 100), metrics));
        _app = builder.Build();
        _app.UsePublicDoor();
        _app.Use(async (context, next) =>
        {
            await using var left = context.RequestAborted.Register(() => _left.TrySetResult());
            try
            {
                await next(context);
            }
            finally
            {
                _answered.TrySetResult();
            }
        });
        _app.MapUnsubscribe();
        _app.MapGet("/metrics", () => "for operators");
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
        _meters.Dispose();
        _bound.Dispose();
    }

    private static string Path(UnsubscribeToken token) => $"/unsubscribe/{token.Write(Keys)}";

    private static FormUrlEncodedContent Form(string name, string value) => new([new(name, value)]);

    [Fact]
    public async Task Get_Link_AsksAndDoesNothing()
    {
        var answer = await _http.GetAsync(Path(Token));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("<form method=\"post\">");
        page.ShouldContain("&lt;ann&gt;");
        page.ShouldNotContain("<ann>");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        _events.Appended.ShouldBeEmpty();
        _suppressor.Suppressed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Head_Link_IsThereAndDoesNothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, Path(Token));
        var answer = await _http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        _events.Appended.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("List-Unsubscribe", "One-Click", "one-click")]
    [InlineData("unsubscribe", "yes", "page")]
    public async Task Post_Form_Unsubscribes(string name, string value, string way)
    {
        (await _http.PostAsync(Path(Token), Form(name, value))).StatusCode.ShouldBe(HttpStatusCode.OK);
        _events.Appended.Single().Kind.ShouldBe(MailEventKind.Unsubscribed);
        _events.Appended.Single().Reason.ShouldBe(way);
        _suppressor.Suppressed.Single().Address.ShouldBe(Token.Address);
    }

    [Fact]
    public async Task Post_Multipart_Unsubscribes()
    {
        using var form = new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } };
        (await _http.PostAsync(Path(Token), form)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _events.Appended.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Post_WhatDoesNotAskForIt_DoesNothing()
    {
        HttpContent[] contents =
        [
            Form("List-Unsubscribe", "Two-Clicks"), new StringContent(""), new StringContent("{}", Encoding.UTF8, "application/json"),
            Form("List-Unsubscribe", new string('x', 9000)),
            new StringContent("--x\r\nbroken", Encoding.UTF8, "multipart/form-data"),
        ];
        foreach (var content in contents) (await _http.PostAsync(Path(Token), content)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        _events.Appended.ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_TokenThatIsNotBelieved_IsRefused()
    {
        var forged = Token.Write(new TokenKeyRing([TokenKey.Create(1, new string('x', 32), out _)!]));
        foreach (var (path, status) in new[]
        {
            ($"/unsubscribe/{forged}", HttpStatusCode.BadRequest), ("/unsubscribe/x", HttpStatusCode.BadRequest),
            (Path(Token with { LastDay = new DateOnly(2021, 1, 1) }), HttpStatusCode.Gone),
        })
        {
            (await _http.PostAsync(path, Form("List-Unsubscribe", "One-Click"))).StatusCode.ShouldBe(status);
            (await _http.GetAsync(path)).StatusCode.ShouldBe(status);
        }
        _events.Appended.ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_StoreAway_IsToBeTriedAgain()
    {
        _events.IsAway = true;
        var answer = await _http.PostAsync(Path(Token), Form("List-Unsubscribe", "One-Click"));
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Post_ClientLeavesWhileTheStoreIsSlow_IsUnsubscribedAllTheSame()
    {
        var store = new TaskCompletionSource();
        _suppressor.Gate = store.Task;
        await SendAndCloseAsync("List-Unsubscribe=One-Click");
        await _left.Task.WaitAsync(Patience);
        store.SetResult();
        await _events.Happened.WaitAsync(Patience);
        _suppressor.Suppressed.ShouldHaveSingleItem().Address.ShouldBe(Token.Address);
        _events.Appended.ShouldHaveSingleItem().Kind.ShouldBe(MailEventKind.Unsubscribed);
    }

    [Fact]
    public async Task Post_FormBreaksOff_IsNoErrorInTheLog()
    {
        await SendAndCloseAsync("List-Unsub");
        await _answered.Task.WaitAsync(Patience);
        await _app.StopAsync();
        _log.ShouldBeQuiet();
        _suppressor.Suppressed.ShouldBeEmpty();
    }

    private async Task SendAndCloseAsync(string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_http.BaseAddress!.Host, _http.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Path(Token)} HTTP/1.1\r\nHost: m.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + $"Content-Length: 26\r\n\r\n{body}"));
    }

    [Fact]
    public async Task Get_TooOften_IsTurnedAway()
    {
        for (var request = 0; request < 20; request++) (await _http.GetAsync(Path(Token))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _http.GetAsync(Path(Token))).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/unsubscribed")]
    [InlineData("/unsubscribe/../metrics")]
    [InlineData("/unsubscribe/%2e%2e/metrics")]
    [InlineData("/unsubscribe/")]
    public async Task Get_WhatIsForOperators_IsNotThere(string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        var answer = await client.GetAsync(new Uri(_http.BaseAddress!, path));
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private sealed class SuppressorOfTest : IAddressSuppressor
    {
        public List<SuppressedRecipient> Suppressed { get; } = [];

        /// <summary>Suppressing waits for this.</summary>
        public Task Gate { get; set; } = Task.CompletedTask;

        public async ValueTask<bool> SuppressAsync(SuppressedRecipient recipient, CancellationToken cancellation)
        {
            await Gate.WaitAsync(cancellation);
            Suppressed.Add(recipient);
            return true;
        }
    }

    private sealed class EventsOfTest : IEventLog
    {
        private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<MailEvent> Appended { get; } = [];

        public bool IsAway { get; set; }

        /// <summary>Ends with the first event.</summary>
        public Task Happened => _happened.Task;

        public ValueTask AppendAsync(IReadOnlyList<MailEvent> events, CancellationToken cancellation)
        {
            if (IsAway) throw new QueueUnavailableException("away");
            Appended.AddRange(events);
            _happened.TrySetResult();
            return ValueTask.CompletedTask;
        }

        public ValueTask<IReadOnlyList<StoredEvent>> TimelineAsync(MessageId message, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public ValueTask<EventPage> ReadAsync(string? after, int most, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<string> CursorAsync(DateTimeOffset? until, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
