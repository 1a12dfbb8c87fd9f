using Shouldly;
using Webcluster.Delivery.Wire;
using Xunit;

namespace Webcluster.Delivery.Tests.Wire;

public class StageTests
{
    [Fact]
    public void StageText_CoversEveryStage() =>
        Enum.GetValues<Stage>().Select(StageText.Of).ShouldBeUnique();
}
