using Shouldly;
using Webcluster.Delivery.Wire;
using Xunit;

namespace Webcluster.Delivery.Tests.Wire;

public class SmtpTimeoutsTests
{
    [Fact]
    public void Problems_EveryTimeoutIsChecked()
    {
        new SmtpTimeouts().Problems().ShouldBeEmpty();
        var properties = typeof(SmtpTimeouts).GetProperties();
        foreach (var (value, isProblem) in new[] { (TimeSpan.Zero, true), (TimeSpan.FromTicks(1), false), (TimeSpan.FromHours(1), false),
            (TimeSpan.FromHours(1.001), true) })
            foreach (var property in properties)
            {
                var timeouts = new SmtpTimeouts();
                property.SetValue(timeouts, value);
                timeouts.Problems().Count().ShouldBe(isProblem ? 1 : 0, $"{property.Name} = {value}");
            }
    }
}
