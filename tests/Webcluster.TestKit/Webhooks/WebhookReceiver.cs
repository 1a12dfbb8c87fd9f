using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Webcluster.TestKit.Processes;

namespace Webcluster.TestKit.Webhooks;

/// <summary>A real HTTP server on a loopback port that keeps what is posted to it, and answers as it is told.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly int _port = Ports.Free();
    private WebApplication? _app;

    /// <summary>Answers a request, after it was kept. Default 204.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } = (_, context) => AnswerAsync(context, StatusCodes.Status204NoContent);

    public string Url => $"http://127.0.0.1:{_port}/hook?a=b";

    /// <summary>All requests, in the order in which they came.</summary>
    public IReadOnlyList<Received> All => [.. _received];

    /// <summary>The ids of the events that were answered with 2yz, in their order.</summary>
    public IReadOnlyList<string> Taken => [.. _received.Where(one => one.Status is >= 200 and < 300).SelectMany(one => one.Events)];

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        await receiver.UpAsync();
        return receiver;
    }

    public static Task AnswerAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public async Task UpAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port));
        _app = builder.Build();
        _app.Run(ReceiveAsync);
        await _app.StartAsync();
    }

    /// <summary>Nothing listens any more.</summary>
    public async Task DownAsync()
    {
        if (_app is not { } app) return;
        _app = null;
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await DownAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var one = new Received(headers, Encoding.UTF8.GetString(body.ToArray()));
        _received.Enqueue(one);
        await Answer(one, context);
        one.Status = context.Response.StatusCode;
    }
}
