using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Crash;

/// <summary>SIGTERM under load: nothing is lost and nothing arrives twice.</summary>
public sealed class StoppedNodeTests
{
    [PeerFact("smtp-source", "smtp-sink")]
    public async Task SigTerm_UnderLoad_NothingLostNothingTwice()
    {
        using var folder = new TemporaryFolder();
        await using var sink = await SmtpSink.StartAsync(folder, "-w", "1");
        var settings = new NodeSettings(folder) { RouteTo = sink.Port };
        await using var node = await NodeProcess.StartAsync(settings);
        var load = new Load(settings.TrustedPort, 500);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await load.RunAsync(batch => $"b{batch}@sink.example", stop.Token);

        (await node.Process.StopAsync(TimeSpan.FromSeconds(40))).ShouldBeTrue(node.Process.Output);
        node.Process.ExitCode.ShouldBe(0, node.Process.Output);

        await using var next = await NodeProcess.StartAsync(settings);
        for (var i = 0; i < 1200 && await next.QueuedAsync() > 0; i++) await Task.Delay(100, stop.Token);
        var ids = sink.Mails().Select(mail => mail.Header("Message-Id")!).ToList();
        ids.Count.ShouldBe(load.Accepted.Count * Load.BatchSize, next.Process.Output);
        ids.Distinct().Count().ShouldBe(ids.Count);
    }
}
