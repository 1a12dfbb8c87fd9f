using Shouldly;
using Webcluster.Delivery.Transfer;
using Webcluster.Protocol.Smtp;
using Xunit;

namespace Webcluster.Delivery.Tests.Transfer;

public class OutgoingMessageTests
{
    private static readonly int Length = Sample.Body.Length;

    [Theory]
    [InlineData(-1, Unsendable.TooLarge)]
    [InlineData(0, null)]
    [InlineData(1, null)]
    public void Check_Size_BothSidesOfTheLimit(int room, Unsendable? expected) =>
        Sample.Message("a@to.test").CheckAgainst(ServerCapabilities.None with { MaxSize = Length + room }, sendEightBitAnyway: false)
            .ShouldBe(expected);

    [Theory]
    [InlineData(false, false, false, Unsendable.NeedsEightBitMime)]
    [InlineData(false, false, true, null)]
    [InlineData(false, true, false, null)]
    [InlineData(true, true, false, Unsendable.NeedsSmtpUtf8)]
    [InlineData(true, true, true, Unsendable.NeedsSmtpUtf8)]
    public void Check_EightBitAndUtf8_ByWhatIsOffered(bool utf8, bool offered, bool anyway, Unsendable? expected)
    {
        var message = Sample.Message("a@to.test") with { Envelope = Sample.Envelope with { EightBit = true, SmtpUtf8 = utf8 } };
        message.CheckAgainst(ServerCapabilities.None with { EightBitMime = offered }, anyway).ShouldBe(expected);
        message.CheckAgainst(ServerCapabilities.None with { EightBitMime = true, SmtpUtf8 = true }, anyway).ShouldBeNull();
    }
}
