using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Submission.Auth;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Time;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Webcluster.Submission.Tests.Auth;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CredentialFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webcluster-users-").FullName;

    private string FilePath => Path.Combine(_folder, "users");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Set_Users_AreReadBack()
    {
        var file = new CredentialFile(FilePath);
        file.Set(new NewUser("beta", "pw2", "tenant-b", "b.example,x@c.example", MailClass.Bulk)).ShouldBeNull();
        file.Set(new NewUser("alpha@a.example", "pw1")).ShouldBeNull();
        var users = file.Read(out var badLines);
        badLines.ShouldBe(0);
        users.Keys.ShouldBe(["alpha@a.example", "beta"]);
        var beta = users["beta"];
        (beta.Tenant, beta.Senders.ToString(), beta.Class).ShouldBe(("tenant-b", "b.example,x@c.example", MailClass.Bulk));
        PasswordHash.Verify(beta.PasswordHash, "pw2").ShouldBeTrue();
        File.ReadAllText(FilePath).ShouldNotContain("pw2");
        File.GetUnixFileMode(FilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        file.Remove("beta").ShouldBeTrue();
        file.Remove("beta").ShouldBeFalse();
        file.Read(out _).Keys.ShouldBe(["alpha@a.example"]);
    }

    [Theory]
    [InlineData("", "pw", "t", "*")]
    [InlineData("a:b", "pw", "t", "*")]
    [InlineData("a b", "pw", "t", "*")]
    [InlineData("#a", "pw", "t", "*")]
    [InlineData("a\n", "pw", "t", "*")]
    [InlineData("ä", "pw", "t", "*")]
    [InlineData("a", "", "t", "*")]
    [InlineData("a", "pw", "", "*")]
    [InlineData("a", "pw", "t", "x y")]
    public void Set_Nonsense_IsRefusedAndWritesNothing(string name, string password, string tenant, string senders)
    {
        new CredentialFile(FilePath).Set(new NewUser(name, password, tenant, senders)).ShouldNotBeNull();
        File.Exists(FilePath).ShouldBeFalse();
    }

    [Fact]
    public void Set_FileWithForeignLines_LosesNone()
    {
        File.WriteAllText(FilePath, "# comment\nsomebody's note\n");
        Should.Throw<IOException>(() => new CredentialFile(FilePath).Set(new NewUser("a", "pw")));
        File.ReadAllText(FilePath).ShouldBe("# comment\nsomebody's note\n");
    }

    [Fact]
    public async Task Find_FileChanges_IsSeenWithinASecond()
    {
        var clock = new ManualClock();
        using var log = new TestLog();
        var file = new CredentialFile(FilePath);
        var store = new FileCredentialStore(file, clock, log.CreateLogger<FileCredentialStore>());
        (await store.FindAsync("a", default)).ShouldBeNull();

        file.Set(new NewUser("a", "pw"));
        (await store.FindAsync("a", default)).ShouldBeNull();
        clock.Advance(TimeSpan.FromSeconds(1));
        (await store.FindAsync("a", default)).ShouldNotBeNull();
        (await store.FindAsync("A", default)).ShouldBeNull();

        file.Remove("a");
        clock.Advance(TimeSpan.FromSeconds(1));
        (await store.FindAsync("a", default)).ShouldBeNull();
        log.ShouldBeQuiet();
    }

    [Fact]
    public void Tenants_OfAllUsers_AreSeenWithinASecond()
    {
        var clock = new ManualClock();
        using var log = new TestLog();
        var file = new CredentialFile(FilePath);
        foreach (var (name, tenant) in new[] { ("a", "shop"), ("b", "shop"), ("c", "news") })
            file.Set(new NewUser(name, "pw", tenant)).ShouldBeNull();
        var store = new FileCredentialStore(file, clock, log.CreateLogger<FileCredentialStore>());
        store.Tenants.ShouldBe(["shop", "news"], ignoreOrder: true);

        file.Remove("c");
        clock.Advance(TimeSpan.FromSeconds(1));
        store.Tenants.ShouldBe(["shop"]);
        log.ShouldBeQuiet();
    }

    [Fact]
    public async Task Find_BadLines_ArePassedOverAndSaid()
    {
        using var log = new TestLog();
        File.WriteAllText(FilePath, $"nonsense\na:t:{PasswordHash.Dummy}:*\nb:t:nohash:*\nc:t:{PasswordHash.Dummy}:*:fast\n");
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var store = new FileCredentialStore(new CredentialFile(FilePath), new ManualClock(), log.CreateLogger<FileCredentialStore>());
        (await store.FindAsync("a", default)).ShouldNotBeNull();
        (await store.FindAsync("b", default)).ShouldBeNull();
        log.Entries.Select(entry => entry.Id).ShouldBe([1040, 1041, 1042]);
        log.Entries.ElementAt(1).Text.ShouldStartWith("3 lines");
    }
}
