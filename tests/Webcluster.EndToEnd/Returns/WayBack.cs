using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.TestKit.Redis;
using Webcluster.TestKit.Webhooks;

namespace Webcluster.EndToEnd.Returns;

/// <summary>
/// Nodes whose mail goes to a Postfix that bounces it later, a receiver of their webhooks, and return paths that come back to the first
/// node: two nodes on one Redis, or one with the embedded queue.
/// </summary>
internal sealed partial class WayBack : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<TemporaryFolder> _folders = [];
    private readonly List<NodeProcess> _nodes = [];
    private readonly int _returns = Ports.Free();
    private RedisDaemon? _redis;
    private WebhookReceiver? _receiver;
    private LaterBouncer? _postfix;

    /// <summary>The first takes reports; mail is submitted to the last.</summary>
    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    public LaterBouncer Postfix => _postfix!;

    [GeneratedRegex("queued as (?<id>[0-9a-f-]{36})", RegexOptions.None, 1000)]
    private static partial Regex Queued { get; }

    public static async Task<WayBack> StartAsync(string queue)
    {
        var way = new WayBack();
        way._receiver = await WebhookReceiver.StartAsync();
        way._postfix = await LaterBouncer.StartAsync(way.Folder(), way._returns);
        if (queue == "redis") way._redis = await RedisDaemon.StartAsync("--aof-load-truncated", "no");
        await way.StartNodeAsync("one.example.com", way._returns);
        if (queue == "redis") await way.StartNodeAsync("two.example.com", null);
        return way;
    }

    /// <returns>The message's id.</returns>
    public async Task<string> SubmitAsync(string recipient)
    {
        var ran = await Tool.RunAsync(
            "swaks", ["--server", $"127.0.0.1:{_nodes[^1].Settings.TrustedPort}", "--from", "sender@example.com", "--to", recipient]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
        return Queued.Match(ran.Output).Groups["id"].Value;
    }

    /// <summary>Brings a mail to the listener for reports, as any server may.</summary>
    public async Task<string> BringAsync(string recipient, params string[] more) => (await Tool.RunAsync(
        "swaks", ["--server", $"127.0.0.1:{_returns}", "--from", "<>", "--to", recipient, .. more])).ToString();

    /// <summary>The event of that kind in the message's timeline, as each node shows it.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string message, string kind)
    {
        var found = new List<JsonElement>();
        foreach (var node in _nodes)
            found.Add(await UntilAsync(async () => await EventAsync(node, message, kind), $"{kind} is known on {node.Settings.Name}"));
        return found;
    }

    /// <summary>The webhook of that type about that message, its signature verified.</summary>
    public async Task<JsonElement> WebhookAsync(string type, string message)
    {
        var told = await UntilAsync(() => Task.FromResult(_receiver!.All.FirstOrDefault(one => one.Status == 204
            && one.Items[0].GetProperty("type").GetString() == type
            && one.Items[0].GetProperty("data").GetProperty("message").GetString() == message)), $"the webhook {type}");
        (await StandardWebhooksLibrary.VerifyAsync(Secret, [told])).ShouldBe(["good"]);
        return told.Items[0].GetProperty("data");
    }

    /// <summary>What each node says to a recipient.</summary>
    public async Task<IReadOnlyList<string>> RcptAsync(string recipient)
    {
        var replies = new List<string>();
        foreach (var node in _nodes)
        {
            await using var client = await RawClient.ConnectAsync(node.Settings.TrustedPort);
            await client.AskAsync("EHLO client.example");
            await client.AskAsync("MAIL FROM:<sender@example.com>");
            replies.Add(await client.AskAsync($"RCPT TO:<{recipient}>"));
        }

        return replies;
    }

    public Task CountedAsync(string line) => UntilAsync(
        async () => (await _nodes[0].GetAsync("/metrics")).Contains(line, StringComparison.Ordinal) ? line : null, line);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        if (_postfix is not null) await _postfix.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        if (_receiver is not null) await _receiver.DisposeAsync();
        foreach (var folder in _folders) folder.Dispose();
    }

    private static async Task<JsonElement?> EventAsync(NodeProcess node, string message, string kind)
    {
        var timeline = await node.AdministerAsync($"/admin/v1/messages/{message}/events");
        timeline.GetProperty("message").GetString().ShouldBe(message);
        foreach (var happened in timeline.GetProperty("events").EnumerateArray())
            if (happened.GetProperty("kind").GetString() == kind) return happened;
        return null;
    }

    private async Task StartNodeAsync(string name, int? returns)
    {
        var folder = Folder();
        folder.Write("node/secret", "0123456789abcdef0123456789abcdef");
        _nodes.Add(await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            Name = name,
            RouteTo = _postfix!.Port,
            QueueMore = _redis is null ? "" : $"redis:\n    servers: ['{_redis.Address}']",
            More = $$"""
                return_path:
                  domain: bounce.example.com
                  keys: [{id: 1, file: secret}]
                  listeners: {{(returns is { } port ? $"[{{address: '127.0.0.1:{port}'}}]" : "[]")}}
                webhooks:
                  - name: hook
                    url: {{_receiver!.Url}}
                    secrets: [{{Secret}}]
                    events: [bounced_later, complained]
                    allow_private: [127.0.0.0/8]
                """,
        }));
    }

    private TemporaryFolder Folder()
    {
        _folders.Add(new TemporaryFolder());
        return _folders[^1];
    }

    private async Task<T> UntilAsync<T>(Func<Task<T?>> look, string what) where T : class
    {
        for (var end = DateTime.UtcNow + Patience; ; await Task.Delay(50))
        {
            if (await look() is { } found) return found;
            if (DateTime.UtcNow > end) throw NotCome(what);
        }
    }

    private async Task<T> UntilAsync<T>(Func<Task<T?>> look, string what) where T : struct
    {
        for (var end = DateTime.UtcNow + Patience; ; await Task.Delay(50))
        {
            if (await look() is { } found) return found;
            if (DateTime.UtcNow > end) throw NotCome(what);
        }
    }

    private TimeoutException NotCome(string what) =>
        new($"did not come about: {what}\n{string.Join('\n', _nodes.Select(node => node.Process.Output))}\n{Postfix.Log}");
}
