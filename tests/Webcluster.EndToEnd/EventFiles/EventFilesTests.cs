using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.EventFiles;

/// <summary>A real node writes what becomes of real mail into both kinds of files; Python's own modules read them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EventFilesTests
{
    private const string ReadJson = """
        import json, sys
        print(json.dumps([json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]))
        """;

    private const string ReadCsv = """
        import csv, json, sys
        print(json.dumps(list(csv.DictReader(open(sys.argv[1], encoding="utf-8", newline=""), strict=True))))
        """;

    [PeerFact("smtp-source", "smtp-sink", "python3")]
    public async Task Mail_DeliveredBouncedDeferred_StandsInBothFiles()
    {
        using var folder = new TemporaryFolder();
        await using var takes = await SmtpSink.StartAsync(folder);
        await using var refuses = await SmtpSink.StartAsync(folder, "-f", "rcpt");
        await using var waits = await SmtpSink.StartAsync(folder, "-r", "rcpt");
        await using var node = await NodeProcess.StartAsync(Settings(folder, folder.Path, ("takes", takes), ("refuses", refuses), ("waits", waits)));
        foreach (var kind in new[] { "takes", "refuses", "waits" }) await SendAsync(node, $"anna@{kind}.example");
        // Accepted three times and the report of the bounce; delivered twice, bounced, deferred.
        await UntilAsync(() => Task.FromResult(Lines(folder.PathOf("events.json")) >= 8), "all events", node);
        (await node.Process.StopAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue(node.Process.Output);

        var events = await ReadAsync(ReadJson, folder.PathOf("events.json"));
        string Of(string action, string to) => events.Single(one => Text(one, "event", "action") == action && To(one) == to).ToString();
        Of("accepted", "anna@takes.example").ShouldNotContain("null_sender");
        Of("delivered", "anna@takes.example").ShouldContain("\"outcome\": \"success\"");
        Of("bounced", "anna@refuses.example").ShouldContain("\"reason\": \"500 5.3.0 Error: command failed\"");
        Of("deferred", "anna@waits.example").ShouldContain("\"status\": \"4.3.0\"");
        Of("accepted", "sender@takes.example").ShouldContain("\"null_sender\": true");
        events.ShouldAllBe(one => Text(one, "host", "name") == "node.example.com" && Text(one, "ecs", "version") == "8.17.0");
        events.Select(one => Text(one, "event", "id")).ShouldBeUnique();

        var records = await ReadAsync(ReadCsv, folder.PathOf("acct.csv"));
        string[] columns = ["type", "rcpt", "dsnAction", "dsnStatus", "bounceCat"];
        records.Select(one => string.Join(' ', columns.Select(column => Text(one, column))).TrimEnd()).Order().ShouldBe(
        [
            "b anna@refuses.example failed 5.3.0 other", "d anna@takes.example relayed 2.0.0", "d sender@takes.example relayed 2.0.0",
            "t anna@waits.example delayed 4.3.0 other",
        ]);
        Text(records.First(one => Text(one, "type") == "d"), "dlvDestinationIp").ShouldBe("127.0.0.1");
        const UnixFileMode forbidden = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        foreach (var file in new[] { "events.json", "acct.csv" })
            (File.GetUnixFileMode(folder.PathOf(file)) & forbidden).ShouldBe(UnixFileMode.None);
    }

    [RootFact("smtp-source", "smtp-sink", "python3", "mount")]
    public async Task DiskFull_MailGoesOn_NoLineIsHalf_AndFilesGoOnWithRoom()
    {
        using var folder = new TemporaryFolder();
        var disk = folder.PathOf("disk");
        Directory.CreateDirectory(disk);
        var mounted = await Tool.RunAsync("mount", ["-t", "tmpfs", "-o", "size=128k", "webcluster-test", disk]);
        mounted.ExitCode.ShouldBe(0, mounted.ToString());
        try
        {
            await FillAndEmptyAsync(folder, disk);
        }
        finally
        {
            await Tool.RunAsync("umount", ["-l", disk]);
        }
    }

    private static async Task FillAndEmptyAsync(TemporaryFolder folder, string disk)
    {
        await using var sink = await SmtpSink.StartAsync(folder);
        await using var node = await NodeProcess.StartAsync(Settings(folder, disk, ("takes", sink)));
        await SendAsync(node, "first@takes.example");
        await UntilAsync(() => Task.FromResult(Lines(Path.Combine(disk, "events.json")) == 2), "the first mail's events", node);
        await Tool.RunAsync("dd", ["if=/dev/zero", $"of={disk}/filler", "bs=1k"]);
        for (var i = 0; i < 60; i++) await SendAsync(node, $"m{i}@takes.example");
        await sink.WaitForAsync(61, TimeSpan.FromSeconds(30), () => node.Process.Output);
        await UntilAsync(async () => await MetricAsync(node, "failing", disk) == 1, "the file is said to fail", node);

        File.Delete($"{disk}/filler");
        await UntilAsync(async () => await MetricAsync(node, "failing", disk) == 0, "the file is written again", node);
        await UntilAsync(async () => await MetricAsync(node, "written", disk) == 122, "what waited is written", node);

        (await ReadAsync(ReadJson, Path.Combine(disk, "events.json"))).Count.ShouldBe(122);
        await node.Process.SaysAsync("events.json cannot be written");
        node.Process.Output.Split('\n').Count(line => line.Contains("events.json cannot be written", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static NodeSettings Settings(TemporaryFolder folder, string files, params (string Domain, SmtpSink Sink)[] routes) => new(folder)
    {
        More = $"""
            event_files:
              - path: {files}/events.json
              - path: {files}/acct.csv
                format: accounting
                events: [delivered, bounced, deferred]
            routes:
            {string.Join('\n', routes.Select(route => Route(route.Domain, route.Sink)))}
            """,
    };

    private static string Route(string domain, SmtpSink sink) =>
        $"  - match: {domain}.example\n    hosts: ['127.0.0.1:{sink.Port}']\n    tls: none";

    private static async Task SendAsync(NodeProcess node, string recipient)
    {
        var ran = await Tool.RunAsync("smtp-source", ["-l", "500", "-f", "sender@takes.example", "-t", recipient, $"127.0.0.1:{node.Settings.TrustedPort}"]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
    }

    private static int Lines(string file) => File.Exists(file) ? File.ReadLines(file).Count() : 0;

    private static async Task<List<JsonElement>> ReadAsync(string script, string file)
    {
        var ran = await Tool.RunAsync("python3", ["-c", script, file]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
        return JsonSerializer.Deserialize<List<JsonElement>>(ran.Output)!;
    }

    private static string Text(JsonElement one, params string[] path) => path.Aggregate(one, (at, name) => at.GetProperty(name)).GetString()!;

    private static string To(JsonElement one) => one.GetProperty("email").GetProperty("to").GetProperty("address")[0].GetString()!;

    private static async Task<long> MetricAsync(NodeProcess node, string name, string disk)
    {
        var lines = (await node.GetAsync("/metrics")).Split('\n').Where(one => one.Contains($"{disk}/events.json", StringComparison.Ordinal));
        var line = lines.FirstOrDefault(one => one.StartsWith($"webcluster_event_file_{name}", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, NodeProcess node)
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); !await condition(); await Task.Delay(100))
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"did not come about: {what}\n{node.Process.Output}");
    }
}
