using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.EndToEnd.Receivers;
using Webcluster.TestKit.Redis;
using Xunit;

namespace Webcluster.EndToEnd.Reactions;

/// <summary>What the real program does about the classes of refusals, with a Postfix that refuses, on each of its queues.</summary>
public sealed partial class ReactionsTests
{
    private const string Refusals =
        "smtpd_recipient_restrictions = check_recipient_access inline:{"
            + " {full@to.example = 552 5.2.2 Mailbox full}"
            + " {grey@to.example = 550 5.7.1 Greylisted, please try again later}"
            + " {listed@to.example = 550 5.7.1 Your address has a poor reputation}"
            + " {house@to.example = 550 5.7.1 House rule seven} }";

    [GeneratedRegex("deferred (?<id>[0-9a-f-]{36}) to <grey@", RegexOptions.None, 1000)]
    private static partial Regex Deferred { get; }

    [PeerTheory("postfix", "smtp-source", "redis-server")]
    [InlineData("embedded")]
    [InlineData("redis")]
    public async Task Refusals_ByTheirClass_LeadToWhatTheySay(string queue)
    {
        using var folder = new TemporaryFolder();
        await using var redis = queue == "redis" ? await RedisDaemon.StartAsync("--aof-load-truncated", "no") : null;
        await using var postfix = await PostfixReceiver.StartAsync(folder, more: Refusals);
        await using var node = await StartAsync(folder, postfix, redis);

        // The same address fails twice: from then on it gets nothing.
        await SendAsync(node, "full@to.example");
        await node.EmptiedAsync();
        await SendAsync(node, "full@to.example");
        await node.Process.SaysAsync("suppressed <full@to.example> of tenant default from now on");
        (await RunAsync(folder, "suppression", "get", "full@to.example", "--tenant", "default")).ShouldContain("repeated_soft");
        await CountedAsync(node, "webcluster_suppression_soft_failures_total 2");

        // The operator's own rule.
        await SendAsync(node, "house@to.example");
        await CountedAsync(node, "webcluster_delivery_alarms_total{class=\"spam-content\"} 1");

        await RefusedForNowAsync(folder, node);
        await UnsureAsync(folder, node);

        // What is about the source, and no reply rule knows, slows it down the second time; and somebody is told, once.
        await SendAsync(node, "listed@to.example");
        await SendAsync(node, "listed@to.example");
        await node.Process.SaysAsync("because of class ip-reputation: 550 5.7.1 <listed@to.example>");
        await CountedAsync(node, "webcluster_delivery_alarms_total{class=\"ip-reputation\"} 2");
        await node.Process.SaysAsync("alarm ip-reputation at route:");
        Regex.Count(node.Process.Output, "alarm ip-reputation at route:").ShouldBe(1);
    }

    /// <summary>The remote said never, we try again: events have both.</summary>
    private static async Task RefusedForNowAsync(TemporaryFolder folder, NodeProcess node)
    {
        await SendAsync(node, "grey@to.example");
        for (var end = DateTime.UtcNow.AddSeconds(30); Deferred.Count(node.Process.Output) < 2; await Task.Delay(100))
            DateTime.UtcNow.ShouldBeLessThan(end, node.Process.Output);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.Settings.HttpPort}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(folder.PathOf("node/state/admin-token"))).Trim());
        var id = Deferred.Match(node.Process.Output).Groups["id"].Value;
        var events = JsonDocument.Parse(await http.GetStringAsync($"/admin/v1/messages/{id}/events")).RootElement.GetProperty("events").EnumerateArray()
            .Where(happened => happened.GetProperty("kind").GetString() == "deferred").ToList();

        events.Count.ShouldBeGreaterThanOrEqualTo(2);
        events.ShouldAllBe(happened => happened.GetProperty("permanent").GetBoolean() && happened.GetProperty("bounce").GetString() == "greylisted");
    }

    /// <summary>What nothing was sure of is listed, without the address.</summary>
    private static async Task UnsureAsync(TemporaryFolder folder, NodeProcess node)
    {
        await SendAsync(node, "554@odd.example");
        await CountedAsync(node, "by=\"code\",class=\"permanent-other\"} 1");
        (await RunAsync(folder, "classify", "unsure")).ShouldBe(
            "unified_category\tweight\tguess\treply\n\t1\tpermanent-other\t554 5.0.0 as the local part asks\n");
    }

    private static Task<NodeProcess> StartAsync(TemporaryFolder folder, PostfixReceiver postfix, RedisDaemon? redis)
    {
        folder.Write("node/rules.txt", "rule house-rules = spam-content\n  text house rule*\n");
        var simulator = Ports.Free();
        return NodeProcess.StartAsync(new NodeSettings(folder)
        {
            QueueMore = redis is null ? "" : $"redis:\n    servers: ['{redis.Address}']",
            More = $"""
                routes:
                  - {"{"}match: odd.example, hosts: ['127.0.0.1:{simulator}'], tls: none{"}"}
                  - {"{"}match: '*', hosts: ['127.0.0.1:{postfix.Port}']{"}"}
                simulator: {"{"}enabled: true, listen: '127.0.0.1:{simulator}'{"}"}
                classification: {"{"}rules: rules.txt, threshold: 0.99{"}"}
                suppression: {"{"}repeated_soft: {"{"}count: 2, within: 1d{"}"}{"}"}
                delivery:
                  retry: {"{"}first: 1s, longest: 1s, site_pause: 1s{"}"}
                  reactions: {"{"}slow_after: 2, slow_percent: 1{"}"}
                """,
        });
    }

    private static async Task SendAsync(NodeProcess node, string recipient)
    {
        // A Redis that has just started is not believed at once.
        for (var end = DateTime.UtcNow.AddSeconds(20); ; await Task.Delay(100))
        {
            var ran = await Tool.RunAsync("smtp-source", ["-f", "sender@example.com", "-t", recipient, $"127.0.0.1:{node.Settings.TrustedPort}"]);
            if (ran.ExitCode == 0) return;
            DateTime.UtcNow.ShouldBeLessThan(end, ran.ToString());
        }
    }

    private static async Task CountedAsync(NodeProcess node, string line)
    {
        var metrics = "";
        for (var end = DateTime.UtcNow.AddSeconds(30); !metrics.Contains(line, StringComparison.Ordinal); await Task.Delay(100))
        {
            DateTime.UtcNow.ShouldBeLessThan(end, $"{line}\n{metrics}\n{node.Process.Output}");
            metrics = await node.GetAsync("/metrics");
        }
    }

    private static async Task<string> RunAsync(TemporaryFolder folder, params string[] arguments)
    {
        var ran = await NodeProcess.RunAsync([.. arguments, "--config", folder.PathOf("node/webcluster.yaml")]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
        return ran.Output;
    }
}
