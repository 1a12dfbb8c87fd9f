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
    public void Format_AnyOffset_IsTheMailForm(string date, string expected) =>
        MailDate.Format(DateTimeOffset.Parse(date, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(expected);
}
