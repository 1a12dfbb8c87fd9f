using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Sources;

/// <summary>A new source of the real program, and an operator who brings it up faster.</summary>
public sealed class WarmupTests
{
    [PeerFact("smtp-sink", "smtp-source")]
    public async Task Budget_UsedUp_IsExplainedAndRaisedWhileTheNodeRuns()
    {
        using var folder = new TemporaryFolder();
        await using var sink = await SmtpSink.StartAsync(folder);
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            RouteTo = sink.Port,
            More = "sources:\n  - {name: new, address: 127.0.0.2, warmup: {plan: cautious}}\n",
        });
        var sent = await Tool.RunAsync(
            "smtp-source", ["-m", "21", "-f", "a@example.com", "-t", "one@to.example", $"127.0.0.1:{node.Settings.TrustedPort}"]);
        sent.ExitCode.ShouldBe(0, sent.ToString());
        await sink.WaitForAsync(20, TimeSpan.FromSeconds(30), () => node.Process.Output);

        (await RunAsync(folder, "warmup", "list")).ShouldMatch("new\troute:[^\t]+\tcautious\tstep 1 of 18\t[0-9-]+: 20 of 20 used, 0 refused");
        // Until the sessions that sent the twenty are closed, the lane has no room for another.
        var why = await RunAsync(folder, "why", "to.example");
        for (var tries = 0; why.Contains("connection_limit") && tries < 30; tries++) why = await RunAsync(folder, "why", "to.example");
        why.ShouldMatch("waits +warmup_budget");
        why.ShouldMatch("mail +1 ready, 0 scheduled, 0 under way, 0 held");
        why.ShouldContain("warm-up cautious step 1, 20 used");
        sink.Count.ShouldBe(20);

        (await RunAsync(folder, "warmup", "set", "new", "route:*", "2", "--author", "anna")).ShouldContain("step 2 of 18");

        await sink.WaitForAsync(21, TimeSpan.FromSeconds(10), () => node.Process.Output);
        await node.EmptiedAsync();
        await node.Process.SaysAsync("warm-up of source new at route:* set to step 2 of plan cautious, by anna");
        (await node.GetAsync("/metrics")).ShouldContain("webcluster_queue_warmups_set_total 1");
    }

    private static async Task<string> RunAsync(TemporaryFolder folder, params string[] arguments)
    {
        var ran = await NodeProcess.RunAsync([.. arguments, "--config", folder.PathOf("node/webcluster.yaml")]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
        return ran.Output;
    }
}
