using Shouldly;
using Webcluster.Delivery.Dns;
using Webcluster.Protocol.Dns;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.Dns;

public sealed class DnsCacheTests
{
    private readonly ManualClock _clock = new();

    private static DnsQuestion Question(string name) => new(name, DnsType.Txt);

    private static DnsAnswer<DnsRecord> Answer(int ttl, params string[] texts) =>
        new(DnsStatus.Found, [.. texts.Select(t =>
            new DnsRecord.Text("a", TimeSpan.FromSeconds(ttl), t))], TimeSpan.FromSeconds(ttl), false);

    [Theory]
    [InlineData(0, 10)]
    [InlineData(3, 7)]
    [InlineData(9, 1)]
    public void TryGet_WithinTtl_SaysWhatIsLeft(int after, int left)
    {
        var cache = new DnsCache(10, _clock);
        cache.Put(Question("a"), Answer(10, "x"));
        _clock.Advance(TimeSpan.FromSeconds(after));
        cache.TryGet(Question("a"), out var answer).ShouldBeTrue();
        answer.Ttl.ShouldBe(TimeSpan.FromSeconds(left));
        answer.Records.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public void TryGet_TtlOver_IsGone(int after)
    {
        var cache = new DnsCache(10, _clock);
        cache.Put(Question("a"), Answer(10, "x"));
        _clock.Advance(TimeSpan.FromSeconds(after));
        cache.TryGet(Question("a"), out _).ShouldBeFalse();
    }

    [Fact]
    public void TryGet_OtherTypeOrName_IsAnotherEntry()
    {
        var cache = new DnsCache(10, _clock);
        cache.Put(Question("a"), Answer(10, "x"));
        cache.TryGet(new DnsQuestion("a", DnsType.Mx), out _).ShouldBeFalse();
        cache.TryGet(Question("b"), out _).ShouldBeFalse();
    }

    [Fact]
    public void Put_Again_Replaces()
    {
        var cache = new DnsCache(10, _clock);
        cache.Put(Question("a"), Answer(10, "x"));
        cache.Put(Question("a"), Answer(20, "y"));
        cache.TryGet(Question("a"), out var answer).ShouldBeTrue();
        answer.Ttl.ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Put_NoTtl_IsNotKept()
    {
        var cache = new DnsCache(10, _clock);
        cache.Put(Question("a"), Answer(0, "x"));
        cache.TryGet(Question("a"), out _).ShouldBeFalse();
    }

    [Fact]
    public void Put_Full_DropsWhatWasUnusedLongest()
    {
        var cache = new DnsCache(3, _clock);
        foreach (var name in new[] { "a", "b", "c" }) cache.Put(Question(name), Answer(10, "x"));
        cache.TryGet(Question("a"), out _).ShouldBeTrue();
        cache.Put(Question("d"), Answer(10, "x"));
        new[] { "a", "b", "c", "d" }.Where(n => cache.TryGet(Question(n), out _)).ShouldBe(["a", "c", "d"]);
    }

    [Fact]
    public void Put_LargeText_CountsAsSeveral()
    {
        var cache = new DnsCache(4, _clock);
        foreach (var name in new[] { "a", "b" }) cache.Put(Question(name), Answer(10, "x"));
        cache.Put(Question("large"), Answer(10, new string('x', 2048)));
        new[] { "a", "b", "large" }.Where(n => cache.TryGet(Question(n), out _)).ShouldBe(["b", "large"]);
    }

    [Fact]
    public void Put_LargerThanTheCache_LeavesItEmptyAndUsable()
    {
        var cache = new DnsCache(2, _clock);
        cache.Put(Question("a"), Answer(10, new string('x', 9999)));
        cache.TryGet(Question("a"), out _).ShouldBeFalse();
        cache.Put(Question("b"), Answer(10, "x"));
        cache.TryGet(Question("b"), out _).ShouldBeTrue();
    }
}
