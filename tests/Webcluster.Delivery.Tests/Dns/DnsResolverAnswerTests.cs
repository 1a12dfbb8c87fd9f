using System.Net;
using Shouldly;
using Webcluster.Delivery.Dns;
using Webcluster.Protocol.Dns;
using Webcluster.TestKit.Dns;
using Xunit;

namespace Webcluster.Delivery.Tests.Dns;

/// <summary>What comes of well-behaved servers' answers.</summary>
public sealed class DnsResolverAnswerTests : IAsyncLifetime
{
    private readonly ResolverFixture _fixture = new();

    private ZoneServer Server => _fixture.Server;

    private DnsResolver Resolver => _fixture.Resolver;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task MxAsync_Records_AreSortedByPreference()
    {
        Server.Add("example.test", DnsType.Mx, "20 mx2.example.test").Add("example.test", DnsType.Mx, "10 MX1.Example.test")
            .Add("example.test", DnsType.Mx, "20 a");
        var answer = await Resolver.MxAsync("Example.TEST.", default);
        answer.Status.ShouldBe(DnsStatus.Found);
        answer.Records.ShouldBe([new MxRecord(10, "mx1.example.test"), new MxRecord(20, "mx2.example.test"), new MxRecord(20, "a")]);
        answer.Ttl.ShouldBe(TimeSpan.FromMinutes(5));
        answer.Authenticated.ShouldBeFalse();
        var query = Server.Queries.ShouldHaveSingleItem();
        (query.Name, query.HasEdns, query.WantsAuthenticData, query.OverTcp).ShouldBe(("example.test", true, true, false));
    }

    [Fact]
    public async Task MxAsync_NullMx_IsSeen()
    {
        Server.Add("example.test", DnsType.Mx, "0 .");
        (await Resolver.MxAsync("example.test", default)).Records.ShouldHaveSingleItem().IsNull.ShouldBeTrue();
    }

    [Theory]
    [InlineData(AddressFamilies.Both, "2001:db8::1 192.0.2.1 192.0.2.2")]
    [InlineData(AddressFamilies.V4, "192.0.2.1 192.0.2.2")]
    [InlineData(AddressFamilies.V6, "2001:db8::1")]
    public async Task AddressesAsync_Families_AreThoseAskedFor(AddressFamilies families, string expected)
    {
        Server.Add("mx.test", DnsType.A, "192.0.2.1").Add("mx.test", DnsType.A, "192.0.2.2").Add("mx.test", DnsType.A, "192.0.2.1")
            .Add("mx.test", DnsType.Aaaa, "2001:db8::1");
        string.Join(' ', (await Resolver.AddressesAsync("mx.test", families, default)).Records).ShouldBe(expected);
        Server.Queries.Count.ShouldBe(families == AddressFamilies.Both ? 2 : 1);
    }

    [Fact]
    public async Task OtherTypes_Records_AreRead()
    {
        Server.Add("_mta-sts.example.test", DnsType.Txt, "v=STSv1; id=1").Add("www.example.test", DnsType.Cname, "example.test")
            .Add("1.2.0.192.in-addr.arpa", DnsType.Ptr, "mx.example.test").Add("_25._tcp.mx.test", DnsType.Tlsa, "3 1 1 00ff");
        (await Resolver.TxtAsync("_mta-sts.example.test", default)).Records.ShouldBe(["v=STSv1; id=1"]);
        (await Resolver.CnameAsync("www.example.test", default)).Records.ShouldBe(["example.test"]);
        (await Resolver.PtrAsync(IPAddress.Parse("192.0.2.1"), default)).Records.ShouldBe(["mx.example.test"]);
        var tlsa = (await Resolver.TlsaAsync("_25._tcp.mx.test", default)).Records.ShouldHaveSingleItem();
        (tlsa.Usage, tlsa.Selector, tlsa.MatchingType, Convert.ToHexString(tlsa.Data.Span)).ShouldBe(((byte)3, (byte)1, (byte)1, "00FF"));
    }

    [Theory]
    [InlineData("no.example.test", DnsStatus.NameError)]
    [InlineData("example.test", DnsStatus.NoData)]
    public async Task MxAsync_NothingThere_IsKeptForTheNegativeTtl(string name, DnsStatus expected)
    {
        Server.Add("example.test", DnsType.Soa, "60", ttl: 120);
        var answer = await Resolver.MxAsync(name, default);
        (answer.Status, answer.Ttl, answer.IsTemporary).ShouldBe((expected, TimeSpan.FromSeconds(60), false));
        answer.Records.ShouldBeEmpty();
        _fixture.Clock.Advance(TimeSpan.FromSeconds(59));
        (await Resolver.MxAsync(name, default)).Ttl.ShouldBe(TimeSpan.FromSeconds(1));
        Server.Queries.Count.ShouldBe(1);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        await Resolver.MxAsync(name, default);
        Server.Queries.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(0u, 5)]
    [InlineData(300u, 300)]
    [InlineData(604800u, 86400)]
    public async Task MxAsync_AnyTtl_IsKeptWithinBounds(uint ttl, int expected)
    {
        Server.Add("example.test", DnsType.Mx, "10 mx.test", ttl);
        (await Resolver.MxAsync("example.test", default)).Ttl.ShouldBe(TimeSpan.FromSeconds(expected));
    }

    [Theory]
    [InlineData(0u, 5)]
    [InlineData(3600u, 300)]
    public async Task MxAsync_AnyNegativeTtl_IsKeptWithinBounds(uint minimum, int expected)
    {
        Server.Add("example.test", DnsType.Soa, minimum.ToString(System.Globalization.CultureInfo.InvariantCulture), ttl: 7200);
        (await Resolver.MxAsync("example.test", default)).Ttl.ShouldBe(TimeSpan.FromSeconds(expected));
    }

    [Fact]
    public async Task MxAsync_NegativeWithoutSoa_IsKeptForTheLeastTime() =>
        (await Resolver.MxAsync("no.test", default)).Ttl.ShouldBe(TimeSpan.FromSeconds(5));

    [Fact]
    public async Task AddressesAsync_AliasChain_IsFollowedInTheAnswer()
    {
        Server.Add("a.test", DnsType.Cname, "b.test", ttl: 20).Add("b.test", DnsType.Cname, "c.test", ttl: 10)
            .Add("c.test", DnsType.A, "192.0.2.1");
        var answer = await Resolver.AddressesAsync("a.test", AddressFamilies.V4, default);
        answer.Records.ShouldBe([IPAddress.Parse("192.0.2.1")]);
        answer.Ttl.ShouldBe(TimeSpan.FromSeconds(10));
        Server.Queries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task AddressesAsync_IncompleteChain_IsFollowedByFurtherQueries()
    {
        Server.Add("a.test", DnsType.Cname, "b.test", ttl: 20).Add("b.test", DnsType.Cname, "c.test", ttl: 10)
            .Add("c.test", DnsType.A, "192.0.2.1");
        Server.Behave("*", ZoneBehaviour.AliasOnly);
        var answer = await Resolver.AddressesAsync("a.test", AddressFamilies.V4, default);
        answer.Records.ShouldBe([IPAddress.Parse("192.0.2.1")]);
        answer.Ttl.ShouldBe(TimeSpan.FromSeconds(10));
        Server.Queries.Select(q => q.Name).ShouldBe(["a.test", "b.test", "c.test"]);
    }

    [Theory]
    [InlineData(8, ZoneBehaviour.None, DnsStatus.Found)]
    [InlineData(9, ZoneBehaviour.None, DnsStatus.ServerFailure)]
    [InlineData(8, ZoneBehaviour.AliasOnly, DnsStatus.Found)]
    [InlineData(9, ZoneBehaviour.AliasOnly, DnsStatus.ServerFailure)]
    public async Task AddressesAsync_LongChain_EndsAtEight(int aliases, ZoneBehaviour behaviour, DnsStatus expected)
    {
        for (var i = 0; i < aliases; i++) Server.Add($"a{i}.test", DnsType.Cname, $"a{i + 1}.test");
        Server.Add($"a{aliases}.test", DnsType.A, "192.0.2.1").Behave("*", behaviour);
        (await Resolver.AddressesAsync("a0.test", AddressFamilies.V4, default)).Status.ShouldBe(expected);
    }

    [Theory]
    [InlineData(ZoneBehaviour.None)]
    [InlineData(ZoneBehaviour.AliasOnly)]
    public async Task AddressesAsync_CircleOfAliases_IsAFailure(ZoneBehaviour behaviour)
    {
        Server.Add("a.test", DnsType.Cname, "b.test").Add("b.test", DnsType.Cname, "a.test").Behave("*", behaviour);
        (await Resolver.AddressesAsync("a.test", AddressFamilies.V4, default)).Status.ShouldBe(DnsStatus.ServerFailure);
    }

    [Fact]
    public async Task MxAsync_AliasToNowhere_IsANameError()
    {
        Server.Add("test", DnsType.Soa, "60").Add("a.test", DnsType.Cname, "no.test", ttl: 30);
        var answer = await Resolver.MxAsync("a.test", default);
        (answer.Status, answer.Ttl).ShouldBe((DnsStatus.NameError, TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("bücher.example")]
    [InlineData("a b")]
    public async Task MxAsync_NoName_IsANameErrorWithoutAsking(string name)
    {
        (await Resolver.MxAsync(name, default)).Status.ShouldBe(DnsStatus.NameError);
        Server.Queries.ShouldBeEmpty();
    }

    [Fact]
    public async Task MxAsync_Again_ComesFromTheCache()
    {
        Server.Add("example.test", DnsType.Mx, "10 mx.test", ttl: 60);
        await Resolver.MxAsync("example.test", default);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(20));
        (await Resolver.MxAsync("EXAMPLE.test", default)).Ttl.ShouldBe(TimeSpan.FromSeconds(40));
        Server.Queries.Count.ShouldBe(1);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(40));
        await Resolver.MxAsync("example.test", default);
        Server.Queries.Count.ShouldBe(2);
    }

    [Fact]
    public async Task MxAsync_SameQuestionAtATime_IsAskedOnce()
    {
        Server.Add("example.test", DnsType.Mx, "10 mx.test").Hold("example.test");
        using var givesUp = new CancellationTokenSource();
        var impatient = Resolver.MxAsync("example.test", givesUp.Token).AsTask();
        await Server.NextQueryAsync();
        var waiters = Enumerable.Range(0, 50).Select(_ => Resolver.MxAsync("example.test", default).AsTask()).ToList();
        await givesUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(impatient);
        Server.Release("example.test");
        (await Task.WhenAll(waiters)).ShouldAllBe(a => a.Status == DnsStatus.Found);
        Server.Queries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task TlsaAsync_AuthenticData_IsBelievedFromLoopback()
    {
        Server.Add("_25._tcp.mx.test", DnsType.Tlsa, "3 1 1 00ff").Behave("*", ZoneBehaviour.Authentic);
        (await Resolver.TlsaAsync("_25._tcp.mx.test", default)).Authenticated.ShouldBeTrue();
    }

    [Fact]
    public async Task AddressesAsync_OneStepNotAuthentic_IsNotAuthenticated()
    {
        Server.Add("a.test", DnsType.Cname, "b.test").Add("b.test", DnsType.A, "192.0.2.1");
        Server.Behave("a.test", ZoneBehaviour.Authentic | ZoneBehaviour.AliasOnly);
        (await Resolver.AddressesAsync("a.test", AddressFamilies.V4, default)).Authenticated.ShouldBeFalse();
    }
}
