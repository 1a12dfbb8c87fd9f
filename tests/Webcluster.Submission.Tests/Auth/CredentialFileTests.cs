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

    // By the clock of the test, as a file's time is by the machine's.
    private void Written(DateTimeOffset at) => File.SetLastWriteTimeUtc(FilePath, at.UtcDateTime);

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
        file.Set(new NewUser("b", "pw"));
        var store = new FileCredentialStore(file, clock, log.CreateLogger<FileCredentialStore>());
        (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Nobody>();

        file.Set(new NewUser("a", "pw"));
        (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Nobody>();
        clock.Advance(TimeSpan.FromSeconds(1));
        (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Found>();
        (await store.FindAsync("A", default)).ShouldBeOfType<CredentialLookup.Nobody>();

        file.Remove("a");
        Written(clock.Now);
        clock.Advance(TimeSpan.FromSeconds(1));
        (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Nobody>();
        log.ShouldBeQuiet();
    }

    [Fact]
    public async Task Find_FileThatCannotBeRead_IsUnknownAndNotNobody()
    {
        var clock = new ManualClock();
        using var log = new TestLog();
        var store = new FileCredentialStore(new CredentialFile(FilePath), clock, log.CreateLogger<FileCredentialStore>());
        foreach (var _ in "123")
        {
            (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Unknown>();
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        // Whoever runs the tests, a folder is not read as a file.
        Directory.CreateDirectory(FilePath);
        (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Unknown>();
        clock.Advance(TimeSpan.FromSeconds(1));
        Directory.Delete(FilePath);
        new CredentialFile(FilePath).Set(new NewUser("a", "pw"));
        (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Found>();
        log.Entries.Select(entry => entry.Id).ShouldBe([1043, 1040], "one trouble is said once");
    }

    [Fact]
    public async Task Find_FileIsGone_LeavesTheUsersReadLast()
    {
        var clock = new ManualClock();
        using var log = new TestLog();
        var file = new CredentialFile(FilePath);
        file.Set(new NewUser("a", "pw"));
        var store = new FileCredentialStore(file, clock, log.CreateLogger<FileCredentialStore>());
        (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Found>();

        // Away and back as it was, twice.
        for (var outage = 0; outage < 2; outage++)
        {
            File.Move(FilePath, FilePath + ".away");
            clock.Advance(TimeSpan.FromSeconds(1));
            (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Found>();
            store.Tenants.ShouldBe(["default"]);
            File.Move(FilePath + ".away", FilePath);
            clock.Advance(TimeSpan.FromSeconds(1));
            (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Found>();
        }

        log.Entries.Select(entry => entry.Id).ShouldBe([1040, 1043, 1043], "each outage is said");
    }

    [Fact]
    public async Task Find_FileIsWrittenInPlace_KeepsTheUsersUntilItIsWhole()
    {
        var clock = new ManualClock();
        using var log = new TestLog();
        var file = new CredentialFile(FilePath);
        foreach (var name in "ab") file.Set(new NewUser($"{name}", "pw"));
        var whole = await File.ReadAllTextAsync(FilePath);
        var store = new FileCredentialStore(file, clock, log.CreateLogger<FileCredentialStore>());
        (await store.FindAsync("b", default)).ShouldBeOfType<CredentialLookup.Found>();

        foreach (var unfinished in new[] { "", "# name", whole[..whole.IndexOf("b:", StringComparison.Ordinal)], whole[..^120] })
        {
            await FoundAsync(unfinished, clock.Now.AddMilliseconds(500));
            (await store.FindAsync("b", default)).ShouldBeOfType<CredentialLookup.Found>();
            store.Tenants.ShouldBe(["default"]);
        }

        await FoundAsync(whole.Replace("b:", "c:", StringComparison.Ordinal) + whole, clock.Now.AddMilliseconds(500));
        (await store.FindAsync("c", default)).ShouldBeOfType<CredentialLookup.Found>("who comes need not wait");
        log.ShouldBeQuiet();

        async Task FoundAsync(string text, DateTimeOffset written)
        {
            await File.WriteAllTextAsync(FilePath, text);
            Written(written);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Theory]
    [InlineData(-60, 1)]
    [InlineData(0, 1)]
    [InlineData(0.5, 2)]
    [InlineData(3600, 2)]
    public async Task Find_FileStaysWithoutUsers_RemovesThem(double written, int looks)
    {
        var clock = new ManualClock();
        using var log = new TestLog();
        var file = new CredentialFile(FilePath);
        file.Set(new NewUser("a", "pw"));
        var store = new FileCredentialStore(file, clock, log.CreateLogger<FileCredentialStore>());
        (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Found>();

        await File.WriteAllTextAsync(FilePath, "");
        Written(clock.Now.AddSeconds(written));
        for (var look = 1; look <= looks; look++)
        {
            (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Found>($"before look {look}");
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Nobody>();
    }

    [Fact]
    public void Set_FileThatIsReplaced_KeepsOwnerAndMode()
    {
        var file = new CredentialFile(FilePath);
        file.Set(new NewUser("a", "pw"));
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(FilePath, Mode);
        // Another user's where this one may make it so.
        if (Environment.IsPrivilegedProcess)
            using (var handle = File.OpenHandle(FilePath)) FileOwner.ChangeOwner(handle, 4242, 4243).ShouldBe(0);
        File.Delete(FilePath + ".lock");
        var owner = FileOwner.Of(FilePath);

        file.Set(new NewUser("b", "pw")).ShouldBeNull();
        file.Remove("a").ShouldBeTrue();

        FileOwner.Of(FilePath).ShouldBe(owner);
        FileOwner.Of(FilePath + ".lock").ShouldBe(owner);
        File.GetUnixFileMode(FilePath).ShouldBe(Mode);
        if (Environment.IsPrivilegedProcess) owner.ShouldBe((4242u, 4243u));
        Directory.EnumerateFiles(_folder).Select(Path.GetFileName).ShouldBe(["users", "users.lock"], ignoreOrder: true);
    }

    [Fact]
    public void Set_LinkInTheWay_IsNotFollowed()
    {
        var other = Path.Combine(_folder, "other");
        File.WriteAllText(other, "theirs");
        File.CreateSymbolicLink(FilePath + ".new", other);
        new CredentialFile(FilePath).Set(new NewUser("a", "pw")).ShouldBeNull();
        File.ReadAllText(other).ShouldBe("theirs");
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
        Written(clock.Now);
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
        (await store.FindAsync("a", default)).ShouldBeOfType<CredentialLookup.Found>();
        (await store.FindAsync("b", default)).ShouldBeOfType<CredentialLookup.Nobody>();
        log.Entries.Select(entry => entry.Id).ShouldBe([1040, 1041, 1042]);
        log.Entries.ElementAt(1).Text.ShouldStartWith("3 lines");
    }
}
