using Shouldly;
using Webcluster.EndToEnd.Harness;
using Xunit;

namespace Webcluster.EndToEnd.Cli;

public sealed class CheckTests
{
    [Fact]
    public async Task Check_FileFullOfErrors_PrintsEachWithItsLine_ExitCode2()
    {
        using var folder = new TemporaryFolder();
        var config = folder.Write("webcluster.yaml", """
            node:
              nmae: mta1.example.com
            http:
              listen: nowhere
            submission:
              listeners:
                - address: 127.0.0.1:99999
                  tls: sometimes
              limits:
                message_size: 25 furlongs
                errors: -1
            delivery:
              tls: sometimes
              retry:
                first: 300
              allowed_networks: [10.0.0.0/99]
            dkim:
              - domain: example.com
                selector: s1
                file: missing.pem
            simulater:
              enabled: true
            """);
        folder.Write("users", "");
        var ran = await NodeProcess.RunAsync(["check", "--config", config]);

        ran.ExitCode.ShouldBe(2, ran.ToString());
        var lines = ran.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        (int Line, string Key)[] wrong =
        [
            (2, "node.nmae"), (4, "http.listen"), (7, "submission.listeners[0].address"),
            (8, "submission.listeners[0].tls"), (10, "submission.limits.message_size"),
            (11, "submission.limits.errors"), (13, "delivery.tls"), (15, "delivery.retry.first"), (16, "delivery.allowed_networks"), (20, "dkim[0].file"), (21, "simulater"),
        ];
        foreach (var (line, key) in wrong) lines.Count(text => text.Contains($"webcluster.yaml:{line}: {key}")).ShouldBe(1, $"line {line}, {key}\n{ran.Errors}");
        lines.Length.ShouldBe(wrong.Length, ran.Errors);
        ran.Output.ShouldBe("");
    }
}
