using System.Net;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.TestKit.Redis;
using Webcluster.TestKit.Webhooks;
using Xunit;
using Xunit.Abstractions;

namespace Webcluster.EndToEnd.Webhooks;

/// <summary>
/// Two real nodes on one Redis tell a real receiver of what happens to real mail, while the receiver goes away for a while and nodes are
/// killed. What was accepted is told of, in order, under ids that stay.
/// </summary>
public sealed class SharedWebhooksTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Mails = 500;
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly List<TemporaryFolder> _folders = [];
    private readonly List<NodeProcess> _nodes = [];
    private WebhookReceiver _receiver = null!;
    private SmtpSink? _sink;
    private RedisDaemon? _redis;

    public async Task InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        if (_sink is not null) await _sink.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        await _receiver.DisposeAsync();
        foreach (var folder in _folders) folder.Dispose();
    }

    [PeerFact("redis-server", "smtp-sink", "smtp-source", "node", "npm")]
    public async Task ReceiverAway_NodesKilled_EveryEventArrivesInOrder_UnderItsId()
    {
        StandardWebhooksLibrary.Missing.ShouldBeNull();
        _redis = await RedisDaemon.StartAsync("--aof-load-truncated", "no");
        _sink = await SmtpSink.StartAsync(Folder());
        var first = await StartAsync("one.example.com");
        var second = await StartAsync("two.example.com");
        await UntilAsync(async () => (await ShowAsync(second)).Contains("\nnode        one.example.com"), "the first node holds the endpoint", second);

        var load = new SmtpSourceLoad(new IPEndPoint(IPAddress.Loopback, second.Settings.TrustedPort), Mails) { Rate = 100 };
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var sending = load.RunAsync(batch => $"b{batch}@sink.example", bound.Token);
        await UntilAsync(() => _receiver.All.Count > 50, "it is told of the first mails", second);
        await _receiver.DownAsync();
        await Task.Delay(TimeSpan.FromSeconds(2), bound.Token);
        await first.Process.KillAsync();
        await _receiver.UpAsync();
        await sending;
        var accepted = load.Accepted.Count * SmtpSourceLoad.BatchSize;
        await UntilAsync(() => Of("message.delivered").Count() == accepted, $"{accepted} mails are told of", second);

        Of("message.accepted").Order().ShouldBe(Of("message.delivered").Order());
        var told = Events().DistinctBy(one => one.Id).GroupBy(one => one.Message, one => one.Type).ToList();
        foreach (var message in told) message.ToList().ShouldBe(["message.accepted", "message.delivered"], customMessage: message.Key);
        foreach (var again in Events().GroupBy(one => one.Id)) again.Select(one => one.Body).Distinct().Count().ShouldBe(1, again.Key);
        var some = _receiver.All.Where(one => one.Status == 204).TakeLast(200).ToList();
        (await StandardWebhooksLibrary.VerifyAsync(Secret, some)).ShouldAllBe(said => said == "good");
        output.WriteLine($"{accepted} mails, {_receiver.All.Count} requests, {Events().Count() - told.Count * 2} events twice");
    }

    private async Task<NodeProcess> StartAsync(string name)
    {
        var settings = new NodeSettings(Folder())
        {
            Name = name,
            QueueMore = $"redis:\n    servers: ['{_redis!.Address}']",
            More = $"""
                webhooks:
                  - name: hook
                    url: {_receiver.Url}
                    secrets: [{Secret}]
                    events: [accepted, delivered]
                    allow_private: [127.0.0.0/8]
                routes:
                  - match: sink.example
                    hosts: ['127.0.0.1:{_sink!.Port}']
                    tls: none
                """,
        };
        var node = await NodeProcess.StartAsync(settings);
        _nodes.Add(node);
        return node;
    }

    private TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        _folders.Add(folder);
        return folder;
    }

    private static async Task<string> ShowAsync(NodeProcess node) =>
        (await NodeProcess.RunAsync(["webhook", "show", "hook", "--config", node.Settings.Write()])).Output;

    /// <summary>What was taken, again where it was taken again.</summary>
    private IEnumerable<(string Id, string Type, string Message, string Body)> Events() => _receiver.All.Where(one => one.Status == 204).Select(one =>
    {
        var item = one.Items[0];
        return (one.Id, item.GetProperty("type").GetString()!, item.GetProperty("data").GetProperty("message").GetString()!, one.Body);
    });

    private IEnumerable<string> Of(string type) => Events().Where(one => one.Type == type).Select(one => one.Message).Distinct();

    private static Task UntilAsync(Func<bool> condition, string what, NodeProcess node) =>
        UntilAsync(() => Task.FromResult(condition()), what, node);

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, NodeProcess node)
    {
        for (var end = DateTime.UtcNow.AddMinutes(2); !await condition(); await Task.Delay(100))
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"did not come about: {what}\n{await ShowAsync(node)}\n{node.Process.Output}");
    }
}
