using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Webcluster.Node.Configuration;
using Webcluster.Node.Files;
using Webcluster.Node.FirstRun;
using Webcluster.Submission.Auth;
using Xunit;

namespace Webcluster.Node.Tests.FirstRun;

public sealed class FirstRunSetupTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Load_WithoutAFile_IsTheFirstRunWithoutProblems()
    {
        var loaded = Load();
        loaded.Problems.ShouldBeEmpty();
        loaded.IsFirstRun.ShouldBeTrue();
        loaded.Options.Node.StateFolder.ShouldBe(Path.Combine(_home.Path, "webcluster"));
        loaded.Options.Submission.Listeners.Select(listener => listener.Address).ShouldBe(["127.0.0.1:2587", "127.0.0.1:2465"]);
        loaded.Options.Http.Listen.ShouldBe("127.0.0.1:8025");
        loaded.Options.Simulator.CatchAll.ShouldBeTrue();
        loaded.Options.Routes.ShouldBeEmpty();
    }

    [Fact]
    [SuppressMessage("Interoperability", "CA1416", Justification = "Modes are those of Unix.")]
    public void Ensure_FirstTime_MakesEverythingForItsOwnerOnly()
    {
        var loaded = Load();
        var options = loaded.Options;
        FirstRunSetup.Ensure(loaded, Now).ShouldNotBeNull().Length.ShouldBe(24);
        var state = options.Node.StateFolder;
        ModesUnder(state).ShouldBe([
            "dkim rwx------", "dkim/example.com.ed25519.pem rw-------", "dkim/example.com.rsa.pem rw-------",
            "tls rwx------", "tls/cert.pem rw-r--r--", "tls/key.pem rw-------", "users rw-------", "users.lock rw-------",
        ]);
        File.GetUnixFileMode(state).ShouldBe(PrivateFile.OwnerFolder);
        FileChecks.Problems(options).ShouldBeEmpty();
    }

    [Fact]
    public void Ensure_SecondTime_ChangesNothingAndShowsNoPassword()
    {
        var loaded = Load();
        var options = loaded.Options;
        var password = FirstRunSetup.Ensure(loaded, Now)!;
        var before = Contents(options.Node.StateFolder);
        FirstRunSetup.Ensure(loaded, Now.AddDays(300)).ShouldBeNull();
        Contents(options.Node.StateFolder).ShouldBe(before);
        var user = new CredentialFile(options.Submission.Auth.Users).Read(out _)["demo"];
        PasswordHash.Verify(user.PasswordHash, password).ShouldBeTrue();
        File.ReadAllText(options.Submission.Auth.Users).ShouldNotContain(password);
    }

    [Fact]
    public void Ensure_CertificateThatEndsSoon_IsRenewed()
    {
        var loaded = Load();
        var options = loaded.Options;
        FirstRunSetup.Ensure(loaded, Now);
        var before = File.ReadAllText(options.Tls.Certificate);
        FirstRunSetup.Ensure(loaded, Now.AddDays(336));
        File.ReadAllText(options.Tls.Certificate).ShouldNotBe(before);
    }

    [Theory]
    [InlineData("cert.pem", "")]
    [InlineData("cert.pem", "-----BEGIN CERTIFICATE-----\nMIIB")]
    [InlineData("key.pem", "-----BEGIN PRIV")]
    public void Ensure_PairThatWasCutOff_IsMadeAnew(string file, string rest)
    {
        var loaded = Load();
        FirstRunSetup.Ensure(loaded, Now);
        _home.Write($"webcluster/tls/{file}", rest);
        FirstRunSetup.Ensure(loaded, Now);
        FileChecks.Problems(loaded.Options).ShouldBeEmpty();
    }

    [Fact]
    public void Ensure_Certificate_IsForLoopback()
    {
        var loaded = Load();
        var options = loaded.Options;
        FirstRunSetup.Ensure(loaded, Now);
        using var certificate = X509Certificate2.CreateFromPemFile(options.Tls.Certificate, options.Tls.Key);
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        names.EnumerateDnsNames().ShouldContain("localhost");
        names.EnumerateIPAddresses().Select(address => address.ToString()).ShouldBe(["127.0.0.1", "::1"]);
        certificate.GetECDsaPrivateKey()!.KeySize.ShouldBe(256);
    }

    [Fact]
    public void Ensure_FilesThatVariablesName_AreLeftAlone()
    {
        var own = Path.Combine(_home.Path, "own");
        SelfSignedCertificate.Ensure(Path.Combine(own, "cert.pem"), Path.Combine(own, "key.pem"), Now.AddDays(-340));
        _home.Write("own/users", "");
        var before = Contents(own);
        var loaded = Load(
            ("WEBCLUSTER__TLS__CERTIFICATE", $"{own}/cert.pem"), ("WEBCLUSTER__TLS__KEY", $"{own}/key.pem"),
            ("WEBCLUSTER__SUBMISSION__AUTH__USERS", $"{own}/users"));
        loaded.Problems.ShouldBeEmpty();

        FirstRunSetup.Ensure(loaded, Now).ShouldBeNull();

        Contents(own).ShouldBe(before);
        Directory.EnumerateFiles(loaded.Options.Node.StateFolder, "*", SearchOption.AllDirectories).Select(Path.GetFileName)
            .ShouldBe(["example.com.rsa.pem", "example.com.ed25519.pem"], ignoreOrder: true);
        var banner = FirstRunBanner.Text(loaded, null);
        banner.ShouldContain($"users are those of {own}/users\n");
        banner.ShouldNotContain("demo");
    }

    [Theory]
    [InlineData("WEBCLUSTER__DKIM__0__FILE", "dkim[0].file", "does not exist")]
    [InlineData("WEBCLUSTER__TLS__KEY", "tls.key", "does not exist")]
    [InlineData("WEBCLUSTER__SUBMISSION__AUTH__USERS", "submission.auth.users", "does not exist; make it with: webcluster user add NAME")]
    public void Load_VariableNamesAMissingFile_IsAProblemAsWithAFile(string variable, string key, string problem) =>
        Load((variable, "/nowhere/at-all")).Problems.Select(found => found.ToString())
            .ShouldContain($"{variable}: {key}: /nowhere/at-all {problem}");

    [Fact]
    public void Banner_MailThatLeaves_IsNotSaidToStay()
    {
        FirstRunBanner.Text(Load(), null).ShouldContain("Every mail goes to the built-in simulator, none to the Internet.\n");
        FirstRunBanner.Text(Load(("WEBCLUSTER__SIMULATOR__CATCH_ALL", "false")), null).ShouldContain("Mail goes to the Internet.\n");
        FirstRunBanner.Text(Load(("WEBCLUSTER__ROUTES__0__MATCH", "example.net"), ("WEBCLUSTER__ROUTES__0__HOSTS__0", "192.0.2.1")), null)
            .ShouldContain("Mail that no route takes goes to the built-in simulator.\n");
    }

    [Theory]
    [InlineData("/var/lib/x", "/home/a", "/var/lib/x/webcluster")]
    [InlineData("relative", "/home/a", "/home/a/.local/state/webcluster")]
    [InlineData("", "/home/a", "/home/a/.local/state/webcluster")]
    public void StateFolder_XdgVariable_IsFollowedWhereAbsolute(string xdg, string home, string expected) =>
        StateFolder.Default(new Dictionary<string, string> { ["XDG_STATE_HOME"] = xdg, ["HOME"] = home }).ShouldBe(expected);

    [Fact]
    public void Banner_FirstAndLaterStart_ShowWhatIsKnown()
    {
        var loaded = Load();
        var options = loaded.Options;
        var first = FirstRunBanner.Text(loaded, "secret123");
        first.ShouldContain(
            "swaks --server 127.0.0.1:2587 --tls --auth-user demo --auth-password secret123 "
            + "--from hello@example.com --to anna@example.net\n");
        first.ShouldContain($"| curl -sS --url smtp://127.0.0.1:2587 --ssl-reqd --cacert {options.Tls.Certificate} --user demo:secret123 ");
        first.ShouldContain("http://127.0.0.1:8025/simulator");
        FirstRunBanner.Text(loaded, null).ShouldContain("a new one: webcluster user add demo");
    }

    private LoadedConfiguration Load(params (string Name, string Value)[] variables)
    {
        var environment = variables.ToDictionary(variable => variable.Name, variable => variable.Value);
        environment["XDG_STATE_HOME"] = _home.Path;
        return ConfigurationLoader.Load(null, environment, _home.Path);
    }

    private static List<string> Contents(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order().Select(File.ReadAllText)];

    [SuppressMessage("Interoperability", "CA1416", Justification = "Modes are those of Unix.")]
    private static List<string> ModesUnder(string folder) =>
    [
        .. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetRelativePath(folder, path)} {Letters(File.GetUnixFileMode(path))}"),
    ];

    private static string Letters(UnixFileMode mode) =>
        string.Concat(Enumerable.Range(0, 9).Select(bit => ((int)mode & (0x100 >> bit)) != 0 ? "rwx"[bit % 3] : '-'));
}
