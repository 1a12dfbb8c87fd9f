using Shouldly;
using Webcluster.Node.Simulator;
using Xunit;

namespace Webcluster.Node.Tests.Simulator;

public class SimulatorMailboxTests
{
    [Fact]
    public void Add_BeyondTheNumber_DropsTheOldest()
    {
        var mailbox = new SimulatorMailbox(2);
        for (var i = 0; i < 3; i++) mailbox.Add(Message(10));
        mailbox.Latest().Select(message => message.Id).ShouldBe([3, 2]);
        mailbox.Taken.ShouldBe(3);
        mailbox.Find(1).ShouldBeNull();
        mailbox.Find(3)!.Id.ShouldBe(3);
    }

    [Fact]
    public void Add_BeyondTheOctets_DropsTheOldest()
    {
        var mailbox = new SimulatorMailbox(1000);
        for (var i = 0; i < 3; i++) mailbox.Add(Message((int)SimulatorMailbox.MostOctets / 2));
        mailbox.Latest().Select(message => message.Id).ShouldBe([3, 2]);
    }

    private static SimulatedMessage Message(int octets) => new(0, default, "", null, "<>", [], new byte[octets]);
}
