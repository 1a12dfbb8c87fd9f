using System.Globalization;
using Shouldly;
using Webcluster.Chaos;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Cluster;

/// <summary>Short forms of what <c>tests/chaos --proof</c> shows: nothing is lost, and nothing comes twice that the fault does not
/// excuse.</summary>
public sealed class ShortChaosTests
{
    [PeerFact("redis-server", "haproxy", "smtp-source")]
    public Task Node_IsKilled_ItsMailMovesOn() => RunAsync("--mails", "1500", "--rate", "150", "--every", "4s", "--count", "1", "--faults", "node-kill");

    [PeerFact("redis-server", "haproxy", "smtp-source")]
    public Task Redis_IsKilledWithATornFile_NothingIsLost() =>
        RunAsync("--mails", "1500", "--rate", "150", "--every", "4s", "--count", "1", "--faults", "redis-torn");

    [PeerFact("redis-server", "haproxy", "smtp-source")]
    public Task Connections_AreCutEverySecond_NothingComesTwice() =>
        RunAsync("--mails", "1500", "--rate", "150", "--every", "1s", "--faults", "client-kill");

    [PeerFact("redis-server", "haproxy", "smtp-source")]
    public Task Nodes_ComeAndGo_NothingComesTwice() => RunAsync("--proof", "4", "--mails", "2500");

    private static async Task RunAsync(params string[] arguments)
    {
        var output = new StringWriter(CultureInfo.InvariantCulture);
        var exitCode = await ChaosCommand.InvokeAsync(arguments, TextWriter.Synchronized(output));
        exitCode.ShouldBe(0, output.ToString());
        output.ToString().ShouldContain("figure chaos_lost 0");
    }
}
