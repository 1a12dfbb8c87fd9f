using Shouldly;
using Webcluster.Node.Cli;
using Webcluster.Submission.Auth;
using Xunit;

namespace Webcluster.Node.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("chekc")]
    [InlineData("--confg", "x")]
    [InlineData("user")]
    [InlineData("user", "add")]
    [InlineData("user", "add", "a", "--class", "urgent")]
    [InlineData("dkim", "generate", "example.com")]
    [InlineData("version", "extra")]
    public async Task Invoke_WrongUsage_IsOneLineAndExitCode2(params string[] arguments)
    {
        (await RunAsync(arguments)).ShouldBe(ExitCode.Usage);
        _errors.ToString().ShouldMatch("^webcluster: [^\n]+ Try --help.\n$");
        _output.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("user", "--help")]
    public async Task Invoke_Help_IsOutputAndExitCode0(params string[] arguments)
    {
        (await RunAsync(arguments)).ShouldBe(ExitCode.Ok);
        _output.ToString().ShouldContain("Usage:");
        _output.ToString().ShouldNotContain(" docs ");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("debug")]
    public async Task Invoke_WhatNobodyForesaw_IsOneLineAndItsStackForDebugging(string? level)
    {
        if (level is not null) _folder.Write("webcluster.yaml", $"log: {{level: {level}}}\n");
        using var broken = new BrokenWriter();
        var environment = new Dictionary<string, string> { ["XDG_STATE_HOME"] = _folder.Path };
        (await CommandLine.InvokeAsync(["version"], new CliContext(TextReader.Null, broken, _errors, environment, _folder.Path)))
            .ShouldBe(ExitCode.Error);
        var lines = _errors.ToString().TrimEnd('\n').Split('\n');
        lines[^1].ShouldBe("webcluster: internal error: InvalidTimeZoneException: broken (log.level: debug shows where)");
        (lines.Length > 1).ShouldBe(level is not null);
        _errors.ToString().Contains(nameof(BrokenWriter), StringComparison.Ordinal).ShouldBe(level is not null);
    }

    [Fact]
    public async Task Version_IsPrinted()
    {
        (await RunAsync("version")).ShouldBe(ExitCode.Ok);
        _output.ToString().ShouldMatch("^[0-9]+\\.[0-9]+\\.[0-9]+\n$");
    }

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    [InlineData()]
    public async Task Invoke_WrongConfiguration_PrintsAllProblemsAndExitCode2(params string[] arguments)
    {
        _folder.Write("webcluster.yaml", "htpt: {}\nhttp:\n  listen: x\n");
        (await RunAsync(arguments)).ShouldBe(ExitCode.Usage);
        _errors.ToString().ShouldBe(
            "webcluster.yaml:1: htpt: unknown key; did you mean http?\n"
            + "webcluster.yaml:3: http.listen: 'x' is not an address and port such as 127.0.0.1:8025, [::1]:8025 or *:8025\n");
    }

    [Fact]
    public async Task Check_GoodConfiguration_SaysWhatItComesTo()
    {
        _folder.Write("a.yaml", """
            node: {state_folder: state}
            submission: {listeners: [{address: "127.0.0.1:5", tls: none, trusted: [127.0.0.0/8]}]}
            routes: [{match: "*", hosts: ["127.0.0.1:6"]}]
            """);
        (await RunAsync("check", "--config", "a.yaml")).ShouldBe(ExitCode.Ok, _errors.ToString());
        _output.ToString().ShouldBe($"""
            ok: {_folder.Path}/a.yaml
              submission  127.0.0.1:5 (plain)
              http        127.0.0.1:8025
              queue       embedded, {_folder.Path}/state/queue
              route       * -> 127.0.0.1:6

            """);
    }

    [Fact]
    public async Task Check_NoStateFolder_SaysWhereMailWillLie()
    {
        _folder.Write("webcluster.yaml", "");
        (await RunAsync("check")).ShouldBe(ExitCode.Ok, _errors.ToString());
        _output.ToString().ShouldContain(
            $"  state       {_folder.Path}/webcluster (of this user; set node.state_folder for one that is every user's)\n");
        _output.ToString().ShouldContain($"  queue       embedded, {_folder.Path}/webcluster/queue\n");
    }

    [Theory]
    [InlineData("admin-token")]
    [InlineData("no-folder/admin-token")]
    public async Task Node_WithoutTheTokenFile_NamesTheKey(string file)
    {
        _folder.Write("webcluster.yaml", $"admin: {{token_file: {file}}}\n");
        (await RunAsync("node", "status")).ShouldBe(ExitCode.Error);
        _errors.ToString().ShouldBe(
            $"webcluster: {_folder.Path}/{file} does not exist: give the node's token with --token-file, or here the node.state_folder or "
            + "admin.token_file that the node has\n");
    }

    [Fact]
    public async Task User_AddListRemove_ChangesTheConfiguredFile()
    {
        _folder.Write("webcluster.yaml", "submission:\n  auth:\n    users: etc/people\n");
        string[] options = ["--tenant", "shop", "--sender", "example.com", "--sender", "a@example.net", "--class", "bulk"];
        (await RunAsync(["user", "add", "app", .. options])).ShouldBe(ExitCode.Ok, _errors.ToString());
        var password = _output.ToString().Trim();
        password.Length.ShouldBe(24);
        var user = new CredentialFile(Path.Combine(_folder.Path, "etc", "people")).Read(out _)["app"];
        PasswordHash.Verify(user.PasswordHash, password).ShouldBeTrue();
        (user.Tenant, user.Senders.ToString(), user.Class.ToString()).ShouldBe(("shop", "example.com,a@example.net", "Bulk"));

        _output.GetStringBuilder().Clear();
        (await RunAsync("user", "list")).ShouldBe(ExitCode.Ok);
        _output.ToString().ShouldBe("app\tshop\texample.com,a@example.net\n");
        (await RunAsync("user", "remove", "app")).ShouldBe(ExitCode.Ok);
        (await RunAsync("user", "remove", "app")).ShouldBe(ExitCode.NothingMatched);
        _errors.ToString().ShouldBe("webcluster: there is no user app\n");
    }

    [Fact]
    public async Task UserAdd_PasswordFromInput_IsNotPrinted()
    {
        _folder.Write("webcluster.yaml", "");
        (await RunWithInputAsync("a good password\n", "user", "add", "app", "--password-stdin")).ShouldBe(ExitCode.Ok);
        _output.ToString().ShouldBe($"user app saved in {_folder.Path}/users\n");
        PasswordHash.Verify(new CredentialFile(Path.Combine(_folder.Path, "users")).Read(out _)["app"].PasswordHash, "a good password")
            .ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "user", "add", "app", "--password-stdin")]
    [InlineData("", "user", "add", "a b")]
    [InlineData("", "user", "add", "app", "--sender", "not an address")]
    public async Task UserAdd_WhatCannotBe_IsRefused(string input, params string[] arguments)
    {
        _folder.Write("webcluster.yaml", "");
        (await RunWithInputAsync(input, arguments)).ShouldBe(ExitCode.Usage);
        _errors.ToString().ShouldMatch("^webcluster: [^\n]+\n$");
        File.Exists(Path.Combine(_folder.Path, "users")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("user", "add", "app")]
    [InlineData("user", "list")]
    public async Task User_NoFileConfigured_IsSaid(params string[] arguments)
    {
        _folder.Write("webcluster.yaml", "submission: {auth: {users: ''}}\n");
        (await RunAsync(arguments)).ShouldBe(ExitCode.Usage);
        _errors.ToString().ShouldBe("webcluster: submission.auth.users is empty: it must name a file\n");
        (await RunAsync("check")).ShouldBe(ExitCode.Usage);
        _errors.ToString().ShouldEndWith("\nwebcluster.yaml:1: submission.auth.users: must not be empty\n");
    }

    [Theory]
    [InlineData("v=DKIM1; k=rsa; p=MII")]
    [InlineData("v=DKIM1; k=ed25519; p=", "--ed25519")]
    public async Task DkimGenerate_WritesTheKeyAndPrintsTheRecord(string record, params string[] more)
    {
        (await RunAsync(["dkim", "generate", "example.com", "s1", .. more])).ShouldBe(ExitCode.Ok, _errors.ToString());
        _output.ToString().ShouldStartWith($"s1._domainkey.example.com. IN TXT \"{record}");
        _output.ToString().Split('"').ShouldAllBe(part => part.Length <= 255);
        var file = Path.Combine(_folder.Path, "example.com.s1.pem");
        _errors.ToString().ShouldEndWith(
            $"under dkim:\n  - domain: example.com\n    selector: s1\n    file: {file}\n");
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var before = File.ReadAllText(file);
        (await RunAsync(["dkim", "generate", "example.com", "s1", .. more])).ShouldBe(ExitCode.Error);
        File.ReadAllText(file).ShouldBe(before);
    }

    [Theory]
    [InlineData("exa_mple.com", "s1", "'exa_mple.com' is no domain name")]
    [InlineData("example.com", "s 1", "'s 1' is no selector")]
    public async Task DkimGenerate_NamesThatAreNone_LeaveNoKeyBehind(string domain, string selector, string problem)
    {
        (await RunAsync("dkim", "generate", domain, selector)).ShouldBe(ExitCode.Usage);
        _errors.ToString().ShouldStartWith($"webcluster: {problem}");
        Directory.EnumerateFiles(_folder.Path).ShouldBeEmpty();
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new InvalidTimeZoneException("broken");
    }

    private Task<int> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    private Task<int> RunWithInputAsync(string input, params string[] arguments)
    {
        var environment = new Dictionary<string, string> { ["XDG_STATE_HOME"] = _folder.Path };
        return CommandLine.InvokeAsync(arguments, new CliContext(new StringReader(input), _output, _errors, environment, _folder.Path));
    }
}
