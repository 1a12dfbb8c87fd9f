using System.Net;
using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Crash;

/// <summary>SIGTERM while mail comes in, waits and goes out: nothing is lost and nothing arrives twice.</summary>
public sealed class StoppedNodeTests
{
    [PeerFact("smtp-source", "smtp-sink")]
    public async Task SigTerm_UnderLoad_NothingLostNothingTwice()
    {
        using var folder = new TemporaryFolder();
        // Answers each final dot a second late: at the stop all connections are past DATA, and most of the mail waits.
        await using var slow = await SmtpSink.StartAsync(folder, "-W", ".:1");
        await using var quick = await SmtpSink.StartAsync(folder);
        var first = new NodeSettings(folder) { RouteTo = slow.Port };
        var second = first with { RouteTo = quick.Port };
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var load = new SmtpSourceLoad(new IPEndPoint(IPAddress.Loopback, first.TrustedPort), 2000);
        Task sending;
        await using (var node = await NodeProcess.StartAsync(first))
        {
            sending = load.RunAsync(batch => $"b{batch}@sink.example", stop.Token);
            while (slow.Count < 10 || load.Accepted.Count < 8) await Task.Delay(20, stop.Token);
            (await node.Process.StopAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue(node.Process.Output);
            node.Process.ExitCode.ShouldBe(0, node.Process.Output);
            sending.IsCompleted.ShouldBeFalse("the load ended before the stop");
        }

        await using var next = await NodeProcess.StartAsync(second);
        (await next.QueuedAsync() + quick.Count).ShouldBeGreaterThan(0, "nothing was left to do");
        await sending;
        await next.EmptiedAsync();
        var arrived = slow.Mails().Concat(quick.Mails()).GroupBy(mail => mail.Recipients[0], mail => mail.Header("Message-Id")!).ToDictionary(batch => batch.Key, batch => batch.ToList());
        foreach (var recipient in load.Accepted) arrived[recipient].Count.ShouldBe(SmtpSourceLoad.BatchSize, $"{recipient}\n{next.Process.Output}");
        arrived.Values.ShouldAllBe(ids => ids.Distinct().Count() == ids.Count);
    }
}
