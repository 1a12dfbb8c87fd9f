using Shouldly;
using Xunit;

namespace Webcluster.Delivery.Tests;

public class DeliveryOptionsTests
{
    [Fact]
    public void Problems_AreAllNamed()
    {
        new DeliveryOptions().Problems().ShouldBeEmpty();
        var options = new DeliveryOptions
        {
            Port = 0, MaxSessions = 0, ClaimBatch = 1001, IdleTimeout = TimeSpan.FromMinutes(6), SourceAddresses = ["x"],
            AllowedNetworks = ["10.0.0.0/33", "x"],
            Retry = { JitterPercent = 51 }, Timeouts = { Quit = TimeSpan.Zero },
        };
        options.Problems().Select(problem => problem.Key).ShouldBe(
            ["port", "max_sessions", "claim_batch", "idle_timeout", "source_addresses", "allowed_networks", "allowed_networks",
                "retry.jitter_percent", "timeouts.quit"]);
    }
}
