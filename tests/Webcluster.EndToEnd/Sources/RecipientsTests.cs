using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Sources;

/// <summary>A provider that takes few recipients in a transaction, and the real program's mail to many.</summary>
public sealed class RecipientsTests
{
    [PeerFact("smtp-sink", "smtp-source")]
    public async Task Mail_ToMoreThanOneTransactionMayHave_GoesInSeveralOverOneConnection()
    {
        using var folder = new TemporaryFolder();
        await using var sink = await SmtpSink.StartAsync(folder);
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            RouteTo = sink.Port,
            More = "providers:\n  - {name: default, recipients_per_transaction: 3, limits: {connections: 1}}\n",
        });

        var ran = await Tool.RunAsync(
            "smtp-source", ["-r", "8", "-f", "a@example.com", "-t", "to@to.example", $"127.0.0.1:{node.Settings.TrustedPort}"]);

        ran.ExitCode.ShouldBe(0, ran.ToString());
        await sink.WaitForAsync(3, TimeSpan.FromSeconds(30), () => node.Process.Output);
        await node.EmptiedAsync();
        sink.Mails().Select(mail => mail.Recipients.Count).Order().ShouldBe([2, 3, 3]);
        sink.Mails().SelectMany(mail => mail.Recipients).Distinct().Count().ShouldBe(8);
    }
}
