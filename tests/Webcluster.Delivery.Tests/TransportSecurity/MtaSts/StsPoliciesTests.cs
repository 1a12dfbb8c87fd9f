using Shouldly;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Delivery.TransportSecurity.TlsReporting;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.TransportSecurity.MtaSts;

public sealed class StsPoliciesTests : IDisposable
{
    private static readonly StsPolicy Week = new(StsMode.Enforce, ["mx.to.test"], TimeSpan.FromDays(7));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webcluster-sts-");
    private readonly ManualClock _clock = new();
    private readonly FakeDns _dns = new();
    private readonly FakeFetcher _fetcher = new();
    private readonly StsStore _store;
    private readonly StsPolicies _policies;

    public StsPoliciesTests()
    {
        _store = new StsStore(File, _clock);
        _policies = new StsPolicies(_dns, _fetcher, _store, new MtaStsOptions(), _clock);
        _dns.Text("_mta-sts.to.test", "v=STSv1; id=1;");
        _fetcher.Next = new StsFetch(Week, TlsResult.Success, "");
    }

    private string File => Path.Combine(_folder.FullName, "state", "mta-sts.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Find_NothingAnnounced_FetchesNothing()
    {
        (await FindAsync("other.test")).ShouldBe(new StsAnswer(null, null));
        _fetcher.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task Find_SameId_IsFetchedOnce()
    {
        (await FindAsync()).Policy.ShouldBe(Week);
        (await FindAsync()).Policy.ShouldBe(Week);
        _fetcher.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task Find_NewId_IsFetchedAgain()
    {
        await FindAsync();
        _dns.Text("_mta-sts.to.test", "v=STSv1; id=2;");
        _fetcher.Next = new StsFetch(Week with { Mode = StsMode.Testing }, TlsResult.Success, "");
        (await FindAsync()).Policy!.Mode.ShouldBe(StsMode.Testing);
    }

    [Fact]
    public async Task Find_AnnouncementGone_PolicyHoldsUntilItEnds()
    {
        await FindAsync();
        _dns.Text("_mta-sts.to.test");
        _clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        (await FindAsync()).Policy.ShouldBe(Week);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await FindAsync()).Policy.ShouldBeNull();
    }

    [Fact]
    public async Task Find_FetchFails_OldPolicyHoldsAndTheNextTryWaits()
    {
        await FindAsync();
        _dns.Text("_mta-sts.to.test", "v=STSv1; id=2;");
        _fetcher.Next = new StsFetch(null, TlsResult.StsWebpkiInvalid, "no");
        (await FindAsync()).ShouldBe(new StsAnswer(Week, _fetcher.Next));
        (await FindAsync()).ShouldBe(new StsAnswer(Week, null));
        _fetcher.Asked.ShouldBe(2);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await FindAsync();
        _fetcher.Asked.ShouldBe(3);
    }

    [Fact]
    public async Task Refresh_BeforeItEnds_FetchesAgain()
    {
        await FindAsync();
        _clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        await _policies.RefreshAsync(CancellationToken.None);
        _fetcher.Asked.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _policies.RefreshAsync(CancellationToken.None);
        _fetcher.Asked.ShouldBe(2);
        _store.Find("to.test")!.EndsAt.ShouldBe(_clock.Now + TimeSpan.FromDays(7));
    }

    [Fact]
    public async Task Store_SavedAndLoaded_KnowsThePolicyWithoutDnsOrFetch()
    {
        await FindAsync();
        _store.Save();
        var again = new StsStore(File, _clock);
        again.Load();
        again.Find("to.test")!.Policy.Mx.ShouldBe(["mx.to.test"]);
        again.Find("to.test")!.Id.ShouldBe("1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[{}]")]
    [InlineData("[null]")]
    [InlineData("[{\"Domain\":\"a\",\"Id\":\"b\",\"Policy\":{\"Mode\":2}}]")]
    [InlineData("{")]
    public void Load_DamagedFile_CountsAsEmpty(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, text);
        _store.Load();
        _store.All.ShouldBeEmpty();
    }

    [Fact]
    public void Put_BeyondTheMost_LetsGoThoseThatEndFirst()
    {
        for (var i = 0; i <= StsStore.Most; i++)
            _store.Put(new CachedSts($"{i}.test", "1", Week with { MaxAge = TimeSpan.FromSeconds(1 + i) }, _clock.Now));
        _store.All.Count().ShouldBeLessThanOrEqualTo(StsStore.Most);
        _store.Find("0.test").ShouldBeNull();
        _store.Find($"{StsStore.Most}.test").ShouldNotBeNull();
    }

    [Fact]
    public void Load_FileOfManyLargePolicies_KeepsTheOthers()
    {
        var large = new StsPolicy(
            StsMode.Enforce, [.. Enumerable.Repeat(new string('x', 250), StsPolicyParser.MostPatterns)], TimeSpan.FromDays(365));
        _store.Put(new CachedSts("to.test", "1", Week, _clock.Now));
        for (var i = 0; i < 1000; i++) _store.Put(new CachedSts($"{i}.evil.test", "1", large, _clock.Now));
        _store.Put(new CachedSts("two.test", "1", Week, _clock.Now));
        _store.Save();
        var again = new StsStore(File, _clock);

        again.Load();

        again.Find("to.test").ShouldNotBeNull();
        again.Find("two.test").ShouldNotBeNull();
        again.All.Count().ShouldBeInRange(400, 700);
    }

    [Fact]
    public void Put_AgainAndAgain_CountsItOnce()
    {
        var large = Week with { Mx = [.. Enumerable.Repeat(new string('x', 250), StsPolicyParser.MostPatterns)] };
        for (var i = 0; i < 1000; i++) _store.Put(new CachedSts("to.test", $"{i}", large, _clock.Now));
        _store.Find("to.test")!.Id.ShouldBe("999");
    }

    [Fact]
    public void Load_FileThatIsTooLarge_IsSaid()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        using (var stream = System.IO.File.Create(File)) stream.SetLength(4 * StsStore.MostOctets + 1);
        Should.Throw<IOException>(_store.Load);
    }

    [Fact]
    public void Save_AfterAFailure_WritesTheNextTime()
    {
        var folder = Path.GetDirectoryName(File)!;
        System.IO.File.WriteAllText(folder, "in the way");
        _store.Put(new CachedSts("to.test", "1", Week, _clock.Now));
        Should.Throw<IOException>(_store.Save);
        System.IO.File.Delete(folder);

        _store.Save();

        System.IO.File.Exists(File).ShouldBeTrue();
    }

    private async Task<StsAnswer> FindAsync(string domain = "to.test") => await _policies.FindAsync(domain, CancellationToken.None);

    private sealed class FakeFetcher : IStsFetcher
    {
        public int Asked { get; private set; }

        public StsFetch Next { get; set; } = new(null, TlsResult.StsPolicyFetchError, "");

        public Task<StsFetch> FetchAsync(string domain, CancellationToken cancellation)
        {
            Asked++;
            return Task.FromResult(Next);
        }
    }
}
