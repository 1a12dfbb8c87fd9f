using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Crash;

/// <summary>The queue's disk runs full: mail is refused with 452 4.3.1, nothing accepted is lost, and it goes on by itself when there is
/// room again.</summary>
public sealed class FullDiskTests
{
    [RootFact("smtp-source", "smtp-sink", "mount")]
    public async Task FullDisk_Refuses452_LosesNothing_ResumesByItself()
    {
        using var folder = new TemporaryFolder();
        var small = folder.PathOf("small");
        Directory.CreateDirectory(small);
        var mounted = await Tool.RunAsync("mount", ["-t", "tmpfs", "-o", "size=160m", "webcluster-test", small]);
        mounted.ExitCode.ShouldBe(0, mounted.ToString());
        try
        {
            await FillAndEmptyAsync(folder, small);
        }
        finally
        {
            await Tool.RunAsync("umount", ["-l", small]);
        }
    }

    private static async Task FillAndEmptyAsync(TemporaryFolder folder, string small)
    {
        await using var sink = await SmtpSink.StartAsync(folder);
        int accepted;
        // A route that leads nowhere keeps the mail, until the floor under the free space is met.
        var settings = Settings(folder, small, Ports.Free());
        await using (var node = await NodeProcess.StartAsync(settings))
        {
            accepted = await FillAsync(settings, node, 0, "452 4.3.1");
            // Another program takes the rest, to the last byte; then it goes away.
            var filler = Path.Combine(small, "filler");
            await Tool.RunAsync("dd", ["if=/dev/zero", $"of={filler}", "bs=64k"]);
            // What the store has free inside its files may take some more.
            accepted = await FillAsync(settings, node, accepted, "45");
            node.Process.HasExited.ShouldBeFalse(node.Process.Output);
            File.Delete(filler);
        }

        accepted.ShouldBeGreaterThan(10);
        var open = Settings(folder, small, sink.Port);
        await using var next = await NodeProcess.StartAsync(open);
        await sink.WaitForAsync(accepted, TimeSpan.FromSeconds(60), () => next.Process.Output);
        for (var i = 0; i < 100 && await next.QueuedAsync() > 0; i++) await Task.Delay(100);
        await AcceptedAgainAsync(open, next);
        await sink.WaitForAsync(accepted + 1, TimeSpan.FromSeconds(20), () => next.Process.Output);
        sink.Count.ShouldBe(accepted + 1);
    }

    /// <returns>How many are accepted in all.</returns>
    private static async Task<int> FillAsync(NodeSettings settings, NodeProcess node, int already, string refusal)
    {
        for (var accepted = already; accepted < 300; accepted++)
        {
            var ran = await SendAsync(settings);
            if (ran.ExitCode == 0) continue;
            ran.Errors.ShouldContain(refusal, customMessage: node.Process.Output);
            (await node.QueuedAsync()).ShouldBe(accepted);
            return accepted;
        }

        throw new InvalidOperationException("the disk did not run full");
    }

    /// <summary>The free space is looked at now and then, so not at once.</summary>
    private static async Task AcceptedAgainAsync(NodeSettings settings, NodeProcess node)
    {
        Ran ran;
        for (var end = DateTime.UtcNow.AddSeconds(15); (ran = await SendAsync(settings)).ExitCode != 0; await Task.Delay(200))
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"mail is still refused: {ran}\n{node.Process.Output}");
    }

    private static NodeSettings Settings(TemporaryFolder folder, string small, int route) => new(folder)
    {
        RouteTo = route, QueueFolder = Path.Combine(small, "queue"),
        // Tried again soon: so outcomes are stored while the disk is full, too.
        More = "delivery:\n  retry:\n    first: 1s\n    longest: 1s\n    site_pause: 500ms",
    };

    private static Task<Ran> SendAsync(NodeSettings settings) =>
        Tool.RunAsync("smtp-source", ["-l", "1000000", "-f", "sender@example.com", "-t", "you@sink.example", $"127.0.0.1:{settings.TrustedPort}"]);
}
