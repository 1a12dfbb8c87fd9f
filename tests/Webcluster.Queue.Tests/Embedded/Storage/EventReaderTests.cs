using Shouldly;
using Webcluster.Queue.Embedded.Storage;
using Xunit;

namespace Webcluster.Queue.Tests.Embedded.Storage;

public sealed class EventReaderTests
{
    /// <summary>Of ten events the n-th is from the time n.</summary>
    [Theory]
    [InlineData(10, 0, 5, 0)] // none
    [InlineData(11, 1, 5, 0)]
    [InlineData(9, 0, 5, 1)] // too many
    [InlineData(5, 0, 5, 5)]
    [InlineData(4, 0, 5, 5)]
    [InlineData(0, 0, 20, 10)]
    [InlineData(10, 2, 5, 1)] // too old
    [InlineData(10, 6, 5, 5)]
    [InlineData(10, 7, 5, 5)]
    [InlineData(10, 99, 20, 10)]
    [InlineData(8, 5, 5, 4)] // both, together no more than the number
    [InlineData(5, 99, 5, 5)]
    [InlineData(6, 99, 5, 5)]
    public void ToTrim_TooManyOrTooOld_IsTheOldestButNoMoreThanTheNumber(int most, long before, int number, long last)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "queue.db");
        using var writer = new WriteStore(path, mostPages: 0);
        using var reader = new ReadStore(path);
        writer.Begin();
        for (var at = 1; at <= 10; at++)
            writer.Events.Add(new EventRow(at, null, [1]));
        writer.Commit();

        reader.Events.ToTrim(most, before, number).ShouldBe((1, last));

        writer.Begin();
        writer.Events.Trim(last);
        writer.Commit();
        reader.Events.Range().ShouldBe((last < 10 ? last + 1 : 0, 10));
    }

    [Fact]
    public void ToTrim_WithoutEvents_IsNone()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "queue.db");
        using var writer = new WriteStore(path, mostPages: 0);
        using var reader = new ReadStore(path);

        var (first, last) = reader.Events.ToTrim(0, 99, 5);

        last.ShouldBe(first - 1);
    }
}
