using Shouldly;
using Webcluster.Protocol.Units;
using Xunit;

namespace Webcluster.Protocol.Tests.Units;

public sealed class MailDateTests
{
    [Theory]
    [InlineData("2026-11-22T02:34:00+00:00", "Sun, 22 Nov 2026 02:34:00 +0000")]
    [InlineData("2026-01-05T23:59:59+01:00", "Mon, 05 Jan 2026 23:59:59 +0100")]
    [InlineData("2024-02-29T00:00:00-03:30", "Thu, 29 Feb 2024 00:00:00 -0330")]
    [InlineData("2026-06-30T12:00:00+14:00", "Tue, 30 Jun 2026 12:00:00 +1400")]
    [InlineData("2026-06-30T12:00:00-00:30", "Tue, 30 Jun 2026 12:00:00 -0030")]
    [InlineData("9999-12-31T23:59:59+14:00", "Fri, 31 Dec 9999 23:59:59 +1400")]
    [InlineData("0001-01-02T00:00:00+00:00", "Tue, 02 Jan 0001 00:00:00 +0000")]
    public void Format_AnyOffset_IsTheMailForm(string date, string expected) =>
        MailDate.Format(DateTimeOffset.Parse(date, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(expected);

    [Theory]
    [InlineData(30, false, 0)]
    [InlineData(31, true, 31)]
    [InlineData(32, true, 31)]
    public void TryFormat_AnyRoom_WritesAllOrNothing(int room, bool fits, int written)
    {
        new MailDate(DateTimeOffset.UnixEpoch).TryFormat(new byte[room], out var length, default, null).ShouldBe(fits);
        length.ShouldBe(written);
    }
}
