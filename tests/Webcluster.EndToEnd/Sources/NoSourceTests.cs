using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Sources;

/// <summary>Mail of a pool that the node has no usable source for waits, and is shown by lane, site and domain.</summary>
public sealed class NoSourceTests
{
    [PeerFact("smtp-source")]
    public async Task Why_LaneWithoutSource_SaysSo_AndPrintsItByLaneAndBySite()
    {
        using var folder = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(new NodeSettings(folder)
        {
            RouteTo = Ports.Free(),
            More = "sources: [{name: away, address: 192.0.2.77}]",
        });
        var sent = await Tool.RunAsync("smtp-source", ["-f", "sender@example.com", "-t", "box@dest.example", $"127.0.0.1:{node.Settings.TrustedPort}"]);
        sent.ExitCode.ShouldBe(0, sent.ToString());

        foreach (var asked in new[] { "route:*|default", "route:*", "dest.example" })
        {
            var ran = await NodeProcess.RunAsync(["why", asked, "--config", folder.PathOf("node/webcluster.yaml")]);
            ran.ExitCode.ShouldBe(0, ran.ToString());
            ran.ToString().ShouldContain("lane route:*|default");
            ran.ToString().ShouldMatch("waits +(no_source|no source)");
            ran.ToString().ShouldContain("1 ready");
        }

        var none = await NodeProcess.RunAsync(["why", "google/mx.google.com|default", "--config", folder.PathOf("node/webcluster.yaml")]);
        none.ExitCode.ShouldNotBe(0);
        none.ToString().ShouldContain("no mail to google/mx.google.com|default is queued");
    }
}
