using Shouldly;
using Webcluster.Node.EventFiles.Formats;
using Webcluster.Queue.Events;
using Xunit;
using static Webcluster.Node.Tests.EventFiles.EventFileSamples;

namespace Webcluster.Node.Tests.EventFiles.Formats;

public sealed class EventIdentityTests
{
    [Fact]
    public void Of_TheSameEvent_IsTheSameForEver() => EventIdentity.Of(Bounced with { }).ShouldBe("37990abb8f9674baa3c4bb795e833cb7");

    [Fact]
    public void Of_OtherEvents_IsAnother()
    {
        MailEvent[] all =
        [
            Bounced, Bounced with { Kind = MailEventKind.Delivered }, Bounced with { At = At.AddTicks(1) }, Bounced with { Message = "0193-n" },
            Bounced with { Recipient = "b@example.net" }, Bounced with { Attempt = 3 }, Bounced with { Provider = "other" },
            Bounced with { Site = "other" }, Bounced with { Source = "ip2" }, Bounced with { Reason = "why" },
            Bounced with { Message = "", Recipient = "0193-m" }, Bounced with { Message = "0193-m", Recipient = "" },
        ];
        all.Select(EventIdentity.Of).Distinct().Count().ShouldBe(all.Length);
    }
}
