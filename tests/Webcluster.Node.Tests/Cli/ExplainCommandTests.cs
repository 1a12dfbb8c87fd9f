using Shouldly;
using Webcluster.Node.Cli;
using Xunit;

namespace Webcluster.Node.Tests.Cli;

public sealed class ExplainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    public ExplainCommandTests() => _folder.Write("webcluster.yaml", """
        node: {state_folder: state}
        submission: {listeners: [{address: "127.0.0.1:5", tls: none, trusted: [127.0.0.0/8]}]}
        # No server answers there: the domain stands for its site.
        dns: {servers: ["127.0.0.1:1"], timeout: 50ms, attempts: 1}
        providers:
          - name: comcast
            limits: {connections: 40}
            rules: [{name: mine, text: [slower], slow_down: 0.5, suspend: 10m, after: 2/min, examples: [421 slower please]}]
        traffic:
          - {provider: comcast, source: "*", bytes: 10MiB/s}
        """);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Explain_Domain_SaysWhereEachValueComesFrom()
    {
        (await RunAsync("Comcast.net")).ShouldBe(ExitCode.Ok, _errors.ToString());
        var lines = _output.ToString().Split('\n');
        lines[..11].ShouldBe(
        [
            "domain    comcast.net",
            "site      comcast.net",
            "provider  comcast",
            "pool      default",
            "  limits.connections                  40        providers, comcast",
            "  per_source.bytes                    10MiB/s   traffic[0], provider comcast, source *",
            "  per_source.connections              25        catalogue, comcast: KumoMTA shaping.toml, 2026-08-04",
            "  per_source.messages_per_connection  1000      catalogue, comcast: KumoMTA shaping.toml, 2026-08-04",
            "  recipients_per_transaction          100       what every server takes (RFC 5321)",
            "  tls                                 required  catalogue, comcast: KumoMTA shaping.toml, 2026-08-04",
            "replies, the first rule that matches:",
        ]);
        lines[11].ShouldBe("  mine: slow down to 50%, after 2/min: suspend for 10m  (providers, comcast)");
        lines.ShouldContain("  greylisting: nothing  (catalogue, default)");
    }

    [Theory]
    [InlineData(ExitCode.Usage, "-.net")]
    [InlineData(ExitCode.NothingMatched, "comcast.net", "--source", "s1")]
    [InlineData(ExitCode.NothingMatched, "comcast.net", "--pool", "p1")]
    public async Task Explain_WhatIsNot_SaysSo(int expected, params string[] arguments)
    {
        (await RunAsync(arguments)).ShouldBe(expected);
        _errors.ToString().ShouldMatch("^webcluster: [^\n]+\n$");
        _output.ToString().ShouldBeEmpty();
    }

    private Task<int> RunAsync(params string[] arguments) => CommandLine.InvokeAsync(
        ["explain", .. arguments], new CliContext(TextReader.Null, _output, _errors, new Dictionary<string, string>(), _folder.Path));
}
