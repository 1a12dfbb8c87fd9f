using Shouldly;
using Webcluster.Delivery.Connections;
using Xunit;

namespace Webcluster.Delivery.Tests.Connections;

public class StageTests
{
    [Fact]
    public void StageText_CoversEveryStage() =>
        Enum.GetValues<Stage>().Select(StageText.Of).ShouldBeUnique();
}
