using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Crash;

/// <summary>The queue's disk runs full: mail is refused with 452 4.3.1, nothing accepted is lost, and it goes on by itself when there is room again.</summary>
public sealed class FullDiskTests
{
    [RootFact("smtp-source", "smtp-sink", "mount")]
    public async Task FullDisk_Refuses452_LosesNothing_ResumesByItself()
    {
        using var folder = new TemporaryFolder();
        var small = folder.PathOf("small");
        Directory.CreateDirectory(small);
        var mounted = await Tool.RunAsync("mount", ["-t", "tmpfs", "-o", "size=48m", "webcluster-test", small]);
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
        // A route that leads nowhere keeps the mail; min_free 0 lets the file system itself say no.
        var settings = Settings(folder, small, Ports.Free());
        var accepted = 0;
        await using (var node = await NodeProcess.StartAsync(settings))
        {
            Ran ran;
            while ((ran = await SendAsync(settings)).ExitCode == 0) (++accepted).ShouldBeLessThan(100);
            ran.Errors.ShouldContain("452 4.3.1", customMessage: node.Process.Output);
            (await node.QueuedAsync()).ShouldBe(accepted);
            node.Process.HasExited.ShouldBeFalse();
        }

        accepted.ShouldBeGreaterThan(10);
        var open = Settings(folder, small, sink.Port);
        await using var next = await NodeProcess.StartAsync(open);
        await sink.WaitForAsync(accepted, TimeSpan.FromSeconds(60), () => next.Process.Output);
        for (var i = 0; i < 100 && await next.QueuedAsync() > 0; i++) await Task.Delay(100);
        (await SendAsync(open)).ExitCode.ShouldBe(0, next.Process.Output);
        await sink.WaitForAsync(accepted + 1, TimeSpan.FromSeconds(20), () => next.Process.Output);
        sink.Count.ShouldBe(accepted + 1);
    }

    private static NodeSettings Settings(TemporaryFolder folder, string small, int route) => new(folder)
    {
        RouteTo = route, QueueFolder = Path.Combine(small, "queue"), QueueMore = "min_free: 0",
    };

    private static Task<Ran> SendAsync(NodeSettings settings) =>
        Tool.RunAsync("smtp-source", ["-l", "1000000", "-f", "sender@example.com", "-t", "you@sink.example", $"127.0.0.1:{settings.TrustedPort}"]);
}
