using Shouldly;
using Webcluster.Queue.Messages;
using Xunit;

namespace Webcluster.Queue.Tests.Messages;

public sealed class MessageIdTests
{
    private static readonly MessageId Message = MessageId.New(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void For_SameText_IsTheSameId() => Message.For("report").ShouldBe(Message.For("report"));

    [Fact]
    public void For_AnotherText_IsAnotherId() => Message.For("report").ShouldNotBe(Message.For("other"));

    [Theory]
    [InlineData("")]
    [InlineData("report")]
    [InlineData("größer")]
    public void For_AnyText_IsAUuidOfVersion7AndOfTheSameTime(string text)
    {
        var id = Message.For(text).Value;

        (id.Version, id.Variant >> 2).ShouldBe((7, 2));
        id.ToByteArray(bigEndian: true)[..6].ShouldBe(Message.Value.ToByteArray(bigEndian: true)[..6]);
    }

    /// <summary>Reports that are stored already are known by it.</summary>
    [Fact]
    public void For_AcrossVersionsOfTheProgram_StaysAsItIs() =>
        new MessageId(new Guid("019aab5e-1c00-7000-8000-000000000000")).For("report").ToString()
            .ShouldBe("019aab5e-1c00-745e-9183-1319e89c4d65");
}
