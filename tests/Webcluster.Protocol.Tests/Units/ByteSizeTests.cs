using Shouldly;
using Webcluster.Protocol.Units;
using Xunit;

namespace Webcluster.Protocol.Tests.Units;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0, "0")]
    [InlineData("1024", 1024, "1KiB")]
    [InlineData("1023", 1023, "1023")]
    [InlineData("999", 999, "999")]
    [InlineData("10KB", 10_000, "10KB")]
    [InlineData("10kib", 10_240, "10KiB")]
    [InlineData("25MiB", 25L << 20, "25MiB")]
    [InlineData("1536MiB", 1536L << 20, "1536MiB")]
    [InlineData("1024MiB", 1L << 30, "1GiB")]
    [InlineData("7B", 7, "7")]
    [InlineData("1TB", 1_000_000_000_000, "1TB")]
    [InlineData("9223372036854775807", long.MaxValue, "9223372036854775807")]
    [InlineData("8388607TiB", 8_388_607L << 40, "8388607TiB")]
    public void TryParse_Size_HasOctetsAndRoundTrips(string text, long octets, string formatted)
    {
        ByteSize.TryParse(text, out var size).ShouldBeTrue();
        size.Octets.ShouldBe(octets);
        size.ToString().ShouldBe(formatted);
        ByteSize.Parse(formatted).ShouldBe(size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.5MiB")]
    [InlineData("1 MiB")]
    [InlineData(" 1")]
    [InlineData("1MiBs")]
    [InlineData("1M")]
    [InlineData("9223372036854775808")]
    [InlineData("8388608TiB")]
    [InlineData("٣")]
    public void TryParse_NoSize_IsFalse(string text)
    {
        ByteSize.TryParse(text, out var size).ShouldBeFalse();
        size.ShouldBe(default);
        Should.Throw<FormatException>(() => ByteSize.Parse(text));
    }
}
