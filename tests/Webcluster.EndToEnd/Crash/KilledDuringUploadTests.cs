using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Crash;

/// <summary>A kill in the middle of a large upload: mail that got no 250 is not there afterwards, whole or in part.</summary>
public sealed class KilledDuringUploadTests
{
    private const int Megabytes = 25;

    [PeerFact("smtp-source", "smtp-sink")]
    public async Task Kill_DuringUpload_LeavesNothingHalfAccepted()
    {
        using var folder = new TemporaryFolder();
        await using var sink = await SmtpSink.StartAsync(folder);
        var settings = new NodeSettings(folder) { RouteTo = sink.Port };
        await using (var node = await NodeProcess.StartAsync(settings))
        {
            await using var client = await RawClient.ConnectAsync(settings.TrustedPort);
            foreach (var line in new[] { "EHLO client.example", "MAIL FROM:<sender@example.com>", "RCPT TO:<half@sink.example>" }) (await client.AskAsync(line)).ShouldStartWith("250");
            (await client.AskAsync("DATA")).ShouldStartWith("354 ");
            await client.SendAsync("From: sender@example.com\r\n\r\n");
            var megabyte = string.Concat(Enumerable.Repeat(new string('x', 62) + "\r\n", 1_000_000 / 64));
            for (var i = 0; i < Megabytes - 1; i++) await client.SendAsync(megabyte);
            await node.Process.KillAsync();
        }

        await using var next = await NodeProcess.StartAsync(settings);
        (await next.QueuedAsync()).ShouldBe(0);
        var ran = await Tool.RunAsync("smtp-source", ["-f", "sender@example.com", "-t", "whole@sink.example", $"127.0.0.1:{settings.TrustedPort}"]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
        await sink.WaitForAsync(1, TimeSpan.FromSeconds(20), () => next.Process.Output);
        await next.EmptiedAsync();
        sink.Mails().Single().Recipients.ShouldBe(["whole@sink.example"]);
        var queue = new DirectoryInfo(folder.PathOf("node/queue"));
        queue.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => !file.Name.Contains("ballast", StringComparison.Ordinal)).Sum(file => file.Length)
            .ShouldBeLessThan(Megabytes * 500_000, "octets of the lost upload are kept");
    }
}
