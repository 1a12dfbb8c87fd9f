using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Delivery.Availability;
using Webcluster.Delivery.Pools;
using Webcluster.Delivery.Sources;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.Availability;

public sealed class SourceBookTests
{
    private readonly TestLog _log = new();
    private readonly ManualClock _clock = new();
    private readonly SourceBook _book;

    public SourceBookTests()
    {
        var options = new EgressOptions(
            [.. new[] { "a", "b", "c" }.Select((name, i) => new SourceOptions { Name = name, Address = $"192.0.2.{i + 1}" })],
            [
                new PoolOptions { Name = "default", Sources = [new() { Name = "a" }] },
                new PoolOptions { Name = "bulk", Sources = [new() { Name = "b", Weight = 3 }, new() { Name = "c" }], Fallback = "last" },
                new PoolOptions { Name = "last", Fallback = "default" },
            ],
            []);
        options.Problems().ShouldBeEmpty();
        _book = new SourceBook(EgressPlan.Of(options, "node.test", _ => ""), new SourceLog(new Logger<SourceLog>(_log)), _clock);
    }

    [Theory]
    [InlineData("default", "a*1")]
    [InlineData("bulk", "b*3 c*1")]
    [InlineData("last", "a*1")]
    [InlineData("unknown", "a*1")]
    public void UsableOf_AllUsable_IsThePoolsOrItsFallbacks(string pool, string expected) => Usable(pool).ShouldBe(expected);

    [Fact]
    public void UsableOf_SourcesFail_FallsBackStepByStep()
    {
        Probe("b", "no such address");
        Usable("bulk").ShouldBe("c*1");
        Probe("c", "no such address");
        Usable("bulk").ShouldBe("a*1");
        Probe("a", "no such address");
        Usable("bulk").ShouldBe("");
        Probe("b", null);
        Usable("bulk").ShouldBe("b*3");
        Usable("default").ShouldBe("", "there is no way back from the fallback");
    }

    [Fact]
    public void UsableOf_SourceWhoseFirstDayComes_IsTheFallbackUntilThen()
    {
        var day = DateOnly.FromDateTime(_clock.Now.UtcDateTime).AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var options = new EgressOptions(
            [
                new SourceOptions { Name = "old", Address = "192.0.2.1" },
                new SourceOptions { Name = "new", Address = "192.0.2.2", Warmup = new SourceWarmupOptions { Start = day } },
            ],
            [
                new PoolOptions { Name = "default", Sources = [new() { Name = "old" }] },
                new PoolOptions { Name = "marketing", Sources = [new() { Name = "new" }], Fallback = "default" },
            ],
            []);
        var book = new SourceBook(EgressPlan.Of(options, "node.test", _ => ""), new SourceLog(new Logger<SourceLog>(_log)), _clock);
        book.UsableOf("marketing").ShouldHaveSingleItem().Source.Name.ShouldBe("old");
        book.TroubleOf(book.Find("new")!).ShouldNotBeNull().Reason.ShouldBe($"its first day is {day}");
        _clock.Advance(TimeSpan.FromDays(1));

        book.Probed(book.Find("new")!, null);

        book.UsableOf("marketing").ShouldHaveSingleItem().Source.Name.ShouldBe("new");
    }

    [Fact]
    public void Probed_TheSameAgain_IsSaidOnce()
    {
        Probe("b", "no such address");
        _clock.Advance(TimeSpan.FromSeconds(30));
        Probe("b", "no such address");
        Probe("b", null);
        Probe("b", null);
        _log.Entries.Select(entry => (entry.Id, entry.Text)).ShouldBe(
            [(3031, "source b is left out on this node: no such address"), (3032, "source b is usable again, after 30 s")]);
    }

    [Fact]
    public void LeaveOut_SourceRests_WhateverProbesFind()
    {
        var source = _book.Find("b")!;
        _book.LeaveOut(source, "the proxy failed");
        _clock.Advance(SourceBook.Rest - TimeSpan.FromTicks(1));
        Probe("b", null);
        Usable("bulk").ShouldBe("c*1");
        _book.TroubleOf(source)!.Value.Reason.ShouldBe("the proxy failed");
        _clock.Advance(TimeSpan.FromTicks(1));
        Probe("b", null);
        Usable("bulk").ShouldBe("b*3 c*1");
        _book.TroubleOf(source).ShouldBeNull();
    }

    [Fact]
    public void Plan_WithoutPools_HasEverySourceInTheDefaultPool()
    {
        var options = new EgressOptions([new() { Name = "a", Address = "192.0.2.1" }, new() { Name = "b", Address = "192.0.2.2" }], [], []);
        EgressPlan.Of(options, "node.test", _ => "").PoolOf("default").Sources.Select(entry => entry.Source.Name).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Plan_WithoutSources_IsTheSystemsChoice()
    {
        var pool = EgressPlan.Unnamed("node.test", [IPAddress.Parse("192.0.2.1")]).PoolOf("any");
        pool.Sources.ShouldHaveSingleItem().ShouldBe(new PoolSource(new Source("", IPAddress.Parse("192.0.2.1"), null, "node.test"), 1));
    }

    private void Probe(string name, string? reason) => _book.Probed(_book.Find(name)!, reason);

    private string Usable(string pool) => string.Join(' ', _book.UsableOf(pool).Select(entry => $"{entry.Source.Name}*{entry.Weight}"));
}
