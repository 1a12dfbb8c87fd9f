using Shouldly;
using Webcluster.Node.Configuration;
using Webcluster.Node.FirstRun;
using Xunit;

namespace Webcluster.Node.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    public ConfigurationLoaderTests() => _environment["XDG_STATE_HOME"] = _folder.Path;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_FileInTheWorkingFolder_IsFound()
    {
        _folder.Write("webcluster.yaml", "http:\n  listen: 127.0.0.1:9\n");
        var loaded = Load(null);
        (loaded.Options.Http.Listen, loaded.IsFirstRun, loaded.Problems.Count).ShouldBe(("127.0.0.1:9", false, 0));
    }

    [Fact]
    public void Load_Precedence_OptionThenVariableThenFolder()
    {
        _folder.Write("webcluster.yaml", "http: {listen: '127.0.0.1:1'}");
        _folder.Write("b.yaml", "http: {listen: '127.0.0.1:2'}");
        _folder.Write("c.yaml", "http: {listen: '127.0.0.1:3'}");
        _environment["WEBCLUSTER_CONFIG"] = "b.yaml";
        Load("c.yaml").Options.Http.Listen.ShouldBe("127.0.0.1:3");
        Load(null).Options.Http.Listen.ShouldBe("127.0.0.1:2");
        _environment["WEBCLUSTER_CONFIG"] = "";
        Load(null).Options.Http.Listen.ShouldBe("127.0.0.1:1");
        _environment.Remove("WEBCLUSTER_CONFIG");
        Load(null).Options.Http.Listen.ShouldBe("127.0.0.1:1");
    }

    [Fact]
    public void Load_MissingFile_IsAProblemAndNoFirstRun()
    {
        var loaded = Load("nowhere.yaml");
        loaded.IsFirstRun.ShouldBeFalse();
        loaded.Problems.ShouldHaveSingleItem().ToString().ShouldBe("nowhere.yaml: there is no such file");
    }

    [Fact]
    public void Load_AllThatIsWrong_ComesAtOnceWithLineAndKey()
    {
        _folder.Write("tls/cert.pem", "no certificate");
        _folder.Write("bad.yaml", """
            node:
              shutdown_timeout: 0s
            http:
              listen: localhost
            tls:
              certificate: tls/cert.pem
              key: tls/key.pem
            sumbission: {}
            submission:
              listeners:
                - address: 0.0.0.0:587
                - address: nowhere
              limits:
                recipients: 5
                message_size: huge
            queue:
              max_content: 0
            dns:
              attempts: 0
            delivery:
              port: 70000
              retry:
                first: 5h
            routes:
              - match: example.net
            dkim:
              - domain: example.com
                selector: s1
                file: nokey.pem
            simulator:
              listen: 192.0.2.1:25
            """);
        _environment["WEBCLUSTER__LOG__LEVEL"] = "loud";
        Load("bad.yaml").Problems.Select(problem => problem.ToString()).Order(StringComparer.Ordinal).ShouldBe([
            "WEBCLUSTER__LOG__LEVEL: log.level: 'loud' is not allowed; one of: debug, information, warning, error",
            "bad.yaml:12: submission.listeners[1].address: 'nowhere' is not ip:port",
            "bad.yaml:14: submission.limits.recipients: must be at least 100 (RFC 5321)",
            "bad.yaml:15: submission.limits.message_size: 'huge' is not a size; write one like 64KiB, 25MiB or 1GiB",
            "bad.yaml:17: queue.max_content: must be more than 0",
            "bad.yaml:19: dns.attempts: must be 1 to 20",
            "bad.yaml:21: delivery.port: must be 1 to 65535",
            "bad.yaml:22: delivery.retry.longest: must not be less than first",
            "bad.yaml:25: routes[0].hosts: is missing: at least one host",
            $"bad.yaml:29: dkim[0].file: {_folder.Path}/nokey.pem does not exist",
            "bad.yaml:2: node.shutdown_timeout: must be 1s to 1h",
            "bad.yaml:31: simulator.listen: '192.0.2.1:25' is not a loopback address and port such as 127.0.0.1:2525",
            "bad.yaml:4: http.listen: 'localhost' is not an address and port such as 127.0.0.1:8025, [::1]:8025 or *:8025",
            $"bad.yaml:7: tls.key: {_folder.Path}/tls/key.pem does not exist",
            "bad.yaml:8: sumbission: unknown key; did you mean submission?",
            $"bad.yaml:9: submission.auth.users: {_folder.Path}/users does not exist; make it with: webcluster user add NAME",
        ]);
    }

    [Theory]
    [InlineData("mta_1.example.com")]
    [InlineData("mta1.example.com.")]
    [InlineData("")]
    public void Load_NodeNameThatIsNoDomainName_IsItsProblem(string name)
    {
        _folder.Write("a.yaml", $"node:\n  name: \"{name}\"\n");
        Load("a.yaml").Problems.ShouldHaveSingleItem().ToString()
            .ShouldBe($"a.yaml:2: node.name: '{name}' is no domain name such as mta1.example.com");
    }

    [Theory]
    [InlineData("", "xn--bcher-kva.example")]
    [InlineData("submission: {host_name: in.example.com}", "in.example.com")]
    public void Load_NodeName_IsWhatTheHostIsCalledUnlessThatIsGiven(string more, string hostName)
    {
        _folder.Write("a.yaml", $"node: {{name: Bücher.example}}\n{more}\n");
        var loaded = Load("a.yaml");
        loaded.Problems.ShouldBeEmpty();
        (loaded.Options.Node.Name, loaded.Options.Submission.HostName).ShouldBe(("xn--bcher-kva.example", hostName));
    }

    [Fact]
    public void Load_TlsListenerWithoutCertificate_SaysWhatItNeeds()
    {
        _folder.Write("users", "");
        _folder.Write("a.yaml", "submission:\n  listeners:\n    - address: 127.0.0.1:0\n    - {address: '127.0.0.1:0', tls: none}\n");
        Load("a.yaml").Problems.ShouldHaveSingleItem().ToString()
            .ShouldBe("a.yaml:3: submission.listeners[0].tls: needs tls.certificate and tls.key; or set tls: none");
    }

    [Theory]
    [InlineData("")]
    [InlineData(", trusted: [127.0.0.0/8]")]
    public void Load_UsersThatCannotBeRead_AreAProblem(string trusted)
    {
        // Whoever runs the tests, a folder is not read as a file.
        Directory.CreateDirectory(Path.Combine(_folder.Path, "users"));
        _folder.Write("a.yaml", $"submission:\n  listeners: [{{address: '127.0.0.1:0', tls: none{trusted}}}]\n");
        Load("a.yaml").Problems.ShouldHaveSingleItem().ToString()
            .ShouldStartWith($"a.yaml:1: submission.auth.users: {_folder.Path}/users cannot be read by this user: ");
    }

    [Fact]
    public void Load_RelativePaths_StartAtTheFilesFolder()
    {
        _folder.Write("etc/a.yaml", "node: {state_folder: var}\nqueue: {folder: q}\nsubmission: {auth: {users: people}}\n");
        var options = Load("etc/a.yaml").Options;
        options.Node.StateFolder.ShouldBe(Path.Combine(_folder.Path, "etc", "var"));
        options.Queue.Folder.ShouldBe(Path.Combine(_folder.Path, "etc", "q"));
        options.Submission.Auth.Users.ShouldBe(Path.Combine(_folder.Path, "etc", "people"));
    }

    [Theory]
    [InlineData("none", "does not exist; make it with: openssl rand -hex 32")]
    [InlineData("short", "does not hold a secret of at least 32 characters")]
    public void Load_HashKeyThatCannotBeUsed_IsNamed(string file, string problem)
    {
        _folder.Write("users", "");
        _folder.Write("short", "secret\n");
        _folder.Write("a.yaml", $"suppression:\n  hash_key_file: {file}\n  expiry: {{repeated_soft: 10ms}}\n");
        Load("a.yaml").Problems.Select(each => each.ToString()).Order(StringComparer.Ordinal).ShouldBe(
        [
            $"a.yaml:2: suppression.hash_key_file: {_folder.Path}/{file} {problem}",
            "a.yaml:3: suppression.expiry.repeated_soft: must be 1s to 3650d, or 0s for ever",
        ]);
    }

    [Fact]
    public void Load_WholeConfiguration_HasNoProblem()
    {
        SelfSignedCertificate.Ensure(Path.Combine(_folder.Path, "cert.pem"), Path.Combine(_folder.Path, "key.pem"), DateTimeOffset.UtcNow);
        _folder.Write("users", "");
        _folder.Write("a.yaml", """
            node: {name: mta1.example.com}
            tls: {certificate: cert.pem, key: key.pem}
            submission:
              listeners:
                - {address: "127.0.0.1:0"}
                - {address: "127.0.0.1:0", tls: implicit}
            routes:
              - {match: "*", hosts: ["127.0.0.1:2525"], tls: required}
            """);
        var loaded = Load("a.yaml");
        loaded.Problems.ShouldBeEmpty();
        loaded.Options.Node.Name.ShouldBe("mta1.example.com");
    }

    private LoadedConfiguration Load(string? given) => ConfigurationLoader.Load(given, _environment, _folder.Path);
}
