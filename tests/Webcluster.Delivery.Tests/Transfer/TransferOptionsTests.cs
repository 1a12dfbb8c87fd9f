using Shouldly;
using Webcluster.Delivery.Transfer;
using Xunit;

namespace Webcluster.Delivery.Tests.Transfer;

public class TransferOptionsTests
{
    [Fact]
    public void StageText_CoversEveryStage() =>
        Enum.GetValues<Stage>().Select(StageText.Of).ShouldBeUnique();

    [Fact]
    public void Timeouts_EveryOneIsChecked()
    {
        new TransferTimeouts().Problems().ShouldBeEmpty();
        var properties = typeof(TransferTimeouts).GetProperties();
        foreach (var (value, isProblem) in new[] { (TimeSpan.Zero, true), (TimeSpan.FromTicks(1), false), (TimeSpan.FromHours(1), false),
            (TimeSpan.FromHours(1.001), true) })
            foreach (var property in properties)
            {
                var timeouts = new TransferTimeouts();
                property.SetValue(timeouts, value);
                timeouts.Problems().Count().ShouldBe(isProblem ? 1 : 0, $"{property.Name} = {value}");
            }
    }

    [Fact]
    public void DeliveryOptions_Problems_AreAllNamed()
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
