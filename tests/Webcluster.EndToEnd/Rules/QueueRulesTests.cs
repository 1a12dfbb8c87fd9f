using Shouldly;
using Webcluster.EndToEnd.Harness;
using Xunit;
using static Webcluster.EndToEnd.Reports.ParsedReport;

namespace Webcluster.EndToEnd.Rules;

/// <summary>Rules of an operator at the real program, over its admin HTTP.</summary>
public sealed class QueueRulesTests : IAsyncLifetime
{
    private const string Program = """
        import smtplib, sys
        port, recipient, tag = sys.argv[1:]
        with smtplib.SMTP("127.0.0.1", int(port)) as server:
            body = f"From: sender@example.com\r\nSubject: about this\r\nX-WC-Tag: {tag}, also\r\n\r\nbody\r\n"
            server.ehlo()
            server.mail("sender@example.com")
            server.rcpt(recipient)
            code, text = server.data(body)
            print(text.decode().split()[-1])
        """;

    private readonly TemporaryFolder _folder = new();
    private SimulatorProcess _greylisting = null!;
    private SmtpSink _sink = null!, _reports = null!;
    private NodeSettings _settings = null!;
    private NodeProcess _node = null!;
    private RulesClient _rules = null!;

    public async Task InitializeAsync()
    {
        if (Peers.Missing(["/usr/bin/python3", "smtp-sink"]) is not null) return;
        _greylisting = await SimulatorProcess.StartAsync(_folder);
        _sink = await SmtpSink.StartAsync(_folder);
        _reports = await SmtpSink.StartAsync(_folder);
        _settings = new NodeSettings(_folder)
        {
            More = $"""
                delivery:
                  retry:
                    first: 1h
                    longest: 4h
                routes:
                  - match: sink.example
                    hosts: ['127.0.0.1:{_sink.Port}']
                    tls: none
                  - match: grey.example
                    hosts: ['127.0.0.1:{_greylisting.Port}']
                    tls: none
                  - match: example.com
                    hosts: ['127.0.0.1:{_reports.Port}']
                    tls: none
                """,
        };
        _node = await NodeProcess.StartAsync(_settings);
        _rules = new RulesClient(_settings, _folder);
    }

    public async Task DisposeAsync()
    {
        _rules?.Dispose();
        foreach (var process in new IAsyncDisposable?[] { _node, _reports, _sink, _greylisting })
            if (process is not null)
                await process.DisposeAsync();
        _folder.Dispose();
    }

    [PeerFact("/usr/bin/python3", "smtp-sink")]
    public async Task SuspendedSite_WaitsOverKillMinusNineUntilResumed()
    {
        var rule = await _rules.AddAsync(new { action = "suspend", scope = "site", value = "route:sink.example", reason = "they asked us to", author = "anna" });
        var id = await SendAsync("one@sink.example");
        await ShouldWaitAsync(id);

        await _node.Process.KillAsync();
        await _node.DisposeAsync();
        _node = await NodeProcess.StartAsync(_settings);

        await SendAsync("two@sink.example");
        await Task.Delay(1000);
        await ShouldWaitAsync(id);
        (await _rules.ListAsync()).ShouldHaveSingleItem().GetProperty("holds").GetInt64().ShouldBe(2);
        (await _node.GetAsync("/metrics")).ShouldContain("webcluster_queue_rules{action=\"suspend\"} 1");
        _sink.Count.ShouldBe(0);

        await _rules.EndAsync(rule);
        await _sink.WaitForAsync(2, TimeSpan.FromSeconds(10), () => _node.Process.Output);
        await _node.EmptiedAsync();
        (await _rules.ListAsync()).ShouldBeEmpty();
    }

    [PeerFact("/usr/bin/python3", "smtp-sink")]
    public async Task HeldMail_ThenBounced_ItsSenderGetsAReportWithTheReason()
    {
        await _rules.AddAsync(new { action = "hold", scope = "tag", value = "spring", reason = "is this spam?" });
        await SendAsync("one@sink.example", "spring");
        await SendAsync("two@sink.example", "autumn");
        await _sink.WaitForAsync(1, TimeSpan.FromSeconds(10), () => _node.Process.Output);
        (await _rules.ListAsync())[0].GetProperty("holds").GetInt64().ShouldBe(1);

        var done = await _rules.CarryOutAsync(new { action = "bounce", scope = "tag", value = "spring", reason = "it is spam" });

        done.GetProperty("done").GetInt64().ShouldBe(1);
        await _reports.WaitForAsync(1, TimeSpan.FromSeconds(10), () => _node.Process.Output);
        await _node.EmptiedAsync();
        var report = await ReadAsync(_reports.Mails().Single());
        Value(report.Recipient, "action").ShouldBe("failed");
        Value(report.Recipient, "status").ShouldBe("5.7.1");
        Value(report.Recipient, "final-recipient")!.ShouldEndWith("one@sink.example");
        report.Text.ShouldContain("it is spam");
        _sink.Mails().Single().Recipients.ShouldBe(["two@sink.example"]);
        _sink.Mails().Single().Header("X-WC-Tag").ShouldBeNull();
    }

    [PeerFact("/usr/bin/python3", "smtp-sink")]
    public async Task DroppedMail_IsGoneWithoutAReport()
    {
        await _rules.AddAsync(new { action = "suspend", scope = "lane", value = "route:sink.example|default", reason = "wait" });
        await SendAsync("one@sink.example");

        (await _rules.CarryOutAsync(new { action = "drop", scope = "domain", value = "SINK.example", reason = "mistake" })).GetProperty("done").GetInt64().ShouldBe(1);

        (await _node.QueuedAsync()).ShouldBe(0);
        await Task.Delay(500);
        (_sink.Count, _reports.Count).ShouldBe((0, 0));
    }

    [PeerFact("/usr/bin/python3", "smtp-sink")]
    public async Task MovedMail_GoesByAnotherPoolThoughItsLaneIsSuspended()
    {
        await _rules.AddAsync(new { action = "suspend", scope = "lane", value = "route:sink.example|default", reason = "wait" });
        var id = await SendAsync("one@sink.example");
        await ShouldWaitAsync(id);

        await _rules.CarryOutAsync(new { action = "move", scope = "message", value = id, pool = "vip", reason = "this one is urgent" });

        await _sink.WaitForAsync(1, TimeSpan.FromSeconds(10), () => _node.Process.Output);
        await _node.EmptiedAsync();
    }

    [PeerFact("/usr/bin/python3", "smtp-sink")]
    public async Task ExpeditedMail_IsTriedAgainAtOnce()
    {
        await SendAsync("greylist@grey.example");
        await _node.Process.WaitForAsync("deferred ", TimeSpan.FromSeconds(10));
        await Task.Delay(500);
        (await _node.QueuedAsync()).ShouldBe(1);

        await _rules.CarryOutAsync(new { action = "expedite", scope = "provider", value = "route:grey.example", reason = "they let us in" });

        await _node.EmptiedAsync(10);
        (await _greylisting.MessagesAsync()).GetArrayLength().ShouldBe(1);
    }

    private async Task ShouldWaitAsync(string id)
    {
        var lane = (await _rules.GetAsync("/api/v1/queue")).GetProperty("lanes").EnumerateArray().Single();
        lane.GetProperty("waits").GetString().ShouldBe("suspended");
        var delivery = (await _rules.GetAsync($"/api/v1/messages/{id}")).GetProperty("deliveries").EnumerateArray().Single();
        delivery.GetProperty("waits").GetString().ShouldBe("suspended");
        delivery.GetProperty("rule").GetProperty("reason").GetString().ShouldNotBeNullOrEmpty();
        _sink.Count.ShouldBe(0);
    }

    /// <returns>The id of the message.</returns>
    private async Task<string> SendAsync(string recipient, string tag = "none")
    {
        var ran = await Tool.RunAsync("/usr/bin/python3", ["-c", Program, $"{_settings.TrustedPort}", recipient, tag]);
        return ran.Lines(1)[0];
    }
}
