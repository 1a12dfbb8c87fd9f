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

    [Theory]
    [InlineData(true, "192.0.2.10", "2001:db8::10")]
    [InlineData(false, "192.0.2.10", "192.0.2.11")]
    [InlineData(false, "2001:db8::10", "192.0.2.10", "2001:db8::11")]
    public void Problems_AddressesToLeaveFrom_AreOnePerFamily(bool isFine, params string[] addresses) =>
        new DeliveryOptions { SourceAddresses = [.. addresses] }.Problems().Select(problem => problem.Key)
            .ShouldBe(isFine ? [] : ["source_addresses"]);
}
