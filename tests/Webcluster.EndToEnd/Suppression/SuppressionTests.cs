using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.TestKit.Redis;
using Xunit;

namespace Webcluster.EndToEnd.Suppression;

/// <summary>Addresses that get no mail, put on the list by the command line of the real program, on each of its queues.</summary>
public sealed class SuppressionTests
{
    [PeerTheory("smtp-sink", "redis-server")]
    [InlineData("embedded")]
    [InlineData("redis")]
    public async Task Refuse_AddedByCommand_IsRefusedAtRcptUntilItIsRemoved(string queue)
    {
        using var folder = new TemporaryFolder();
        await using var redis = queue == "redis" ? await RedisDaemon.StartAsync("--aof-load-truncated", "no") : null;
        await using var sink = await SmtpSink.StartAsync(folder);
        await using var node = await NodeProcess.StartAsync(Settings(folder, sink, redis, ""));

        (await RunAsync(folder, "add", "Gone@To.example", "--reason", "hard_bounce", "--note", "no such user")).ShouldStartWith("gone@to.example\t*\thard_bounce\t");
        (await RunAsync(folder, "add", "someone@to.example", "--tenant", "another")).ShouldStartWith("someone@to.example\tanother\tmanual\t");

        (await SendAsync(node, "gone@TO.example", "someone@to.example"))
            .ShouldBe("550 5.1.1 Recipient is on the suppression list; mail to it is not sent\r\n250 2.1.5 Ok\r\n");
        await sink.WaitForAsync(1, TimeSpan.FromSeconds(30), () => node.Process.Output);
        await node.EmptiedAsync();
        sink.Mails().ShouldHaveSingleItem().Recipients.ShouldBe(["someone@to.example"]);
        (await node.GetAsync("/metrics")).ShouldContain("webcluster_smtpd_recipients_suppressed_total{reason=\"hard_bounce\"} 1");

        await RunAsync(folder, "remove", "gone@to.example");

        (await SendAsync(node, "gone@to.example")).ShouldBe("250 2.1.5 Ok\r\n");
        await sink.WaitForAsync(2, TimeSpan.FromSeconds(30), () => node.Process.Output);
    }

    [PeerTheory("smtp-sink", "redis-server")]
    [InlineData("embedded")]
    [InlineData("redis")]
    public async Task Accept_ImportedForATenant_IsTakenReportedAndNeverAttempted(string queue)
    {
        using var folder = new TemporaryFolder();
        await using var redis = queue == "redis" ? await RedisDaemon.StartAsync("--aof-load-truncated", "no") : null;
        await using var sink = await SmtpSink.StartAsync(folder);
        folder.Write("node/hash-key", new string('k', 40));
        await using var node = await NodeProcess.StartAsync(Settings(folder, sink, redis, "suppression: {at_rcpt: accept, hash_key_file: hash-key}\n"));
        var file = folder.Write("gone.csv", "email\ngone@to.example\n");

        (await RunAsync(folder, "import", file, "--tenant", "default", "--reason", "complaint")).ShouldBe("1 added, 0 changed, 0 kept, 0 invalid\n");
        (await RunAsync(folder, "export")).ShouldMatch("\r\nhmac:[0-9a-f]{32},default,complaint,");

        (await SendAsync(node, "gone@to.example", "someone@to.example")).ShouldBe("250 2.1.5 Ok\r\n250 2.1.5 Ok\r\n");

        // The mail to the other, and the report to the sender.
        await sink.WaitForAsync(2, TimeSpan.FromSeconds(30), () => node.Process.Output);
        await node.EmptiedAsync();
        sink.Mails().SelectMany(mail => mail.Recipients).ShouldBe(["someone@to.example", "sender@example.com"], ignoreOrder: true);
        var report = sink.Mails().Single(mail => mail.Recipients[0] == "sender@example.com").Content;
        report.ShouldContain("Status: 5.1.1");
        report.ShouldContain("the recipient is on the suppression list (complaint)");
        (await node.GetAsync("/metrics")).ShouldContain("webcluster_delivery_suppressed_total{reason=\"complaint\"} 1");
        await node.Process.SaysAsync("suppressed ", "to <gone@to.example> of tenant default: complaint; not attempted");
    }

    private static NodeSettings Settings(TemporaryFolder folder, SmtpSink sink, RedisDaemon? redis, string more) => new(folder)
    {
        RouteTo = sink.Port,
        QueueMore = redis is null ? "" : $"redis:\n    servers: ['{redis.Address}']",
        More = more,
    };

    /// <summary>Sends one mail, and returns the replies to its recipients.</summary>
    private static async Task<string> SendAsync(NodeProcess node, params string[] recipients)
    {
        await using var client = await RawClient.ConnectAsync(node.Settings.TrustedPort);
        (await client.AskAsync("EHLO client.example")).ShouldStartWith("250");
        // A Redis that has just started is not believed at once.
        for (var end = DateTime.UtcNow.AddSeconds(20); !(await client.AskAsync("MAIL FROM:<sender@example.com>")).StartsWith("250", StringComparison.Ordinal); await Task.Delay(100))
            DateTime.UtcNow.ShouldBeLessThan(end, client.Received);
        var replies = "";
        foreach (var recipient in recipients) replies += await client.AskAsync($"RCPT TO:<{recipient}>");
        if (!replies.Contains("250 ", StringComparison.Ordinal)) return replies;
        (await client.AskAsync("DATA")).ShouldStartWith("354");
        (await client.AskAsync("From: sender@example.com\r\nSubject: test\r\n\r\nbody\r\n.")).ShouldStartWith("250");
        return replies;
    }

    private static async Task<string> RunAsync(TemporaryFolder folder, params string[] arguments)
    {
        var ran = await NodeProcess.RunAsync(["suppression", .. arguments, "--config", folder.PathOf("node/webcluster.yaml")]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
        return ran.Output;
    }
}
