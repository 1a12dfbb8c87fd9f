using System.Net;
using Shouldly;
using Webcluster.Delivery.Dns;
using Webcluster.Protocol.Dns;
using Webcluster.TestKit.Dns;
using Xunit;

namespace Webcluster.Delivery.Tests.Dns;

/// <summary>What comes of servers that fail, lie or keep silent.</summary>
public sealed class DnsResolverFaultTests
{
    private const string Host = "mx.test";
    private static readonly TimeSpan Timeout = new DnsOptions().Timeout;
    private static readonly IPAddress True = IPAddress.Parse("192.0.2.1");

    private static ResolverFixture Create(int servers, params ZoneBehaviour[] behaviours)
    {
        var fixture = new ResolverFixture(servers);
        foreach (var server in fixture.Servers) server.Add(Host, DnsType.A, "192.0.2.1");
        for (var i = 0; i < behaviours.Length; i++) fixture.Servers[i].Behave("*", behaviours[i]);
        return fixture;
    }

    private static Task<DnsAnswer<IPAddress>> AskAsync(ResolverFixture fixture) =>
        fixture.Resolver.AddressesAsync(Host, AddressFamilies.V4, default).AsTask();

    [Theory]
    [InlineData(ZoneBehaviour.LieId)]
    [InlineData(ZoneBehaviour.LieQuestion)]
    [InlineData(ZoneBehaviour.Garbage)]
    [InlineData(ZoneBehaviour.LieId | ZoneBehaviour.LieQuestion | ZoneBehaviour.Garbage)]
    public async Task Udp_LiesBeforeTheTruth_AreNotTaken(ZoneBehaviour lies)
    {
        await using var fixture = Create(1, lies);
        (await AskAsync(fixture)).Records.ShouldBe([True]);
    }

    [Fact]
    public async Task Udp_OnlyLies_TimesOut()
    {
        await using var fixture = Create(1, ZoneBehaviour.LieId | ZoneBehaviour.LieQuestion | ZoneBehaviour.Silent);
        var answer = AskAsync(fixture);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await fixture.Server.NextQueryAsync();
            answer.IsCompleted.ShouldBeFalse();
            fixture.Clock.Advance(Timeout);
        }
        var ended = await answer;
        (ended.Status, ended.Ttl, ended.IsTemporary).ShouldBe((DnsStatus.TimedOut, TimeSpan.FromSeconds(5), true));
        fixture.Server.Queries.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Udp_EachQuery_HasItsOwnIdAndPort()
    {
        await using var fixture = new ResolverFixture();
        for (var i = 0; i < 50; i++) await fixture.Resolver.TxtAsync($"n{i}.test", default);
        // By chance alone a few may be equal.
        fixture.Server.Queries.Select(q => q.Id).Distinct().Count().ShouldBeGreaterThan(45);
        fixture.Server.Queries.Select(q => q.SourcePort).Distinct().Count().ShouldBeGreaterThan(40);
    }

    [Fact]
    public async Task Udp_Truncated_AsksOverTcp()
    {
        await using var fixture = Create(1, ZoneBehaviour.Truncate);
        fixture.Server.Add("large.test", DnsType.Txt, new string('x', 20_000));
        (await AskAsync(fixture)).Records.ShouldBe([True]);
        (await fixture.Resolver.TxtAsync("large.test", default)).Records.ShouldBe([new string('x', 20_000)]);
        fixture.Server.Queries.Select(q => q.OverTcp).ShouldBe([false, true, false, true]);
    }

    [Theory]
    [InlineData(ZoneBehaviour.Truncate | ZoneBehaviour.TruncateTcp, DnsStatus.ServerFailure)]
    [InlineData(ZoneBehaviour.ServerFailure, DnsStatus.ServerFailure)]
    [InlineData(ZoneBehaviour.Refuse, DnsStatus.ServerFailure)]
    [InlineData(ZoneBehaviour.Refer, DnsStatus.ServerFailure)]
    [InlineData(ZoneBehaviour.Truncate | ZoneBehaviour.CloseTcp, DnsStatus.TimedOut)]
    public async Task OneServer_ThatFails_IsAFailure(ZoneBehaviour behaviour, DnsStatus expected)
    {
        await using var fixture = Create(1, behaviour);
        var answer = await AskAsync(fixture);
        (answer.Status, answer.Ttl).ShouldBe((expected, TimeSpan.FromSeconds(5)));
        answer.Records.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ZoneBehaviour.ServerFailure)]
    [InlineData(ZoneBehaviour.Refuse)]
    [InlineData(ZoneBehaviour.Truncate | ZoneBehaviour.TruncateTcp)]
    [InlineData(ZoneBehaviour.Truncate | ZoneBehaviour.CloseTcp)]
    public async Task TwoServers_FirstFails_SecondAnswers(ZoneBehaviour behaviour)
    {
        await using var fixture = Create(2, behaviour);
        (await AskAsync(fixture)).Records.ShouldBe([True]);
        fixture.Servers[1].Queries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task TwoServers_FirstSilent_SecondAnswersAndIsAskedFirstForAWhile()
    {
        await using var fixture = Create(2, ZoneBehaviour.Silent);
        var answer = AskAsync(fixture);
        await fixture.Servers[0].NextQueryAsync();
        fixture.Clock.Advance(Timeout);
        (await answer).Records.ShouldBe([True]);

        await fixture.Resolver.TxtAsync("other.test", default);
        fixture.Servers[0].Queries.Count.ShouldBe(1);

        // After that, the first has its chance again.
        fixture.Servers[0].Behave("*", ZoneBehaviour.None);
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        await fixture.Resolver.TxtAsync("third.test", default);
        fixture.Servers[0].Queries.Count.ShouldBe(2);
    }

    [Fact]
    public async Task TwoServers_BothSilent_TakeTurns()
    {
        await using var fixture = Create(2, ZoneBehaviour.Silent, ZoneBehaviour.Silent);
        var answer = AskAsync(fixture);
        foreach (var server in new[] { 0, 1, 0 })
        {
            await fixture.Servers[server].NextQueryAsync();
            fixture.Clock.Advance(Timeout);
        }
        (await answer).Status.ShouldBe(DnsStatus.TimedOut);
        fixture.Servers.Select(s => s.Queries.Count).ShouldBe([2, 1]);
    }

    [Fact]
    public async Task OneServer_NobodyThere_TimesOutAtOnce()
    {
        await using var fixture = Create(1);
        await fixture.Server.DisposeAsync();
        (await AskAsync(fixture)).Status.ShouldBe(DnsStatus.TimedOut);
    }

    [Fact]
    public async Task Failure_IsKeptShortly()
    {
        await using var fixture = Create(1, ZoneBehaviour.ServerFailure);
        await AskAsync(fixture);
        fixture.Server.Behave("*", ZoneBehaviour.None);
        (await AskAsync(fixture)).Status.ShouldBe(DnsStatus.ServerFailure);
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        (await AskAsync(fixture)).Records.ShouldBe([True]);
        fixture.Server.Queries.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Edns_NotUnderstood_IsLeftOutForAWhile()
    {
        await using var fixture = Create(1, ZoneBehaviour.RefuseEdns);
        (await AskAsync(fixture)).Records.ShouldBe([True]);
        await fixture.Resolver.TxtAsync("second.test", default);
        fixture.Server.Queries.Select(q => q.HasEdns).ShouldBe([true, false, false]);
        fixture.Clock.Advance(TimeSpan.FromMinutes(10));
        await fixture.Resolver.TxtAsync("third.test", default);
        fixture.Server.Queries.Select(q => q.HasEdns).ShouldBe([true, false, false, true, false]);
    }

    [Fact]
    public async Task Dispose_LookupUnderWay_EndsIt()
    {
        await using var fixture = Create(1, ZoneBehaviour.Silent);
        var answer = AskAsync(fixture);
        await fixture.Server.NextQueryAsync();
        await fixture.Resolver.DisposeAsync();
        await Should.ThrowAsync<OperationCanceledException>(answer);
    }
}
