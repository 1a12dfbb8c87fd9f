using System.Net;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.TestKit.Redis;
using Xunit;

namespace Webcluster.EndToEnd.Rules;

/// <summary>Rules of an operator at two real nodes that share one Redis: what one is told, all do, and it may die right after.</summary>
public sealed class SharedRulesTests : IAsyncLifetime
{
    private const string Program = """
        import smtplib, sys
        port, recipient = sys.argv[1:]
        with smtplib.SMTP("127.0.0.1", int(port)) as server:
            server.ehlo()
            server.mail("sender@example.com")
            server.rcpt(recipient)
            code, text = server.data("From: sender@example.com\r\nSubject: about this\r\n\r\nbody\r\n")
            print(text.decode().split()[-1])
        """;

    private readonly TemporaryFolder _folder = new();
    private RedisDaemon _redis = null!;
    private SmtpSink _sink = null!;
    private SharingNode _one = null!, _other = null!;

    public async Task InitializeAsync()
    {
        if (Peers.Missing(["/usr/bin/python3", "redis-server", "smtp-sink", "smtp-source"]) is not null) return;
        try
        {
            _redis = await RedisDaemon.StartAsync("--aof-load-truncated", "no");
            _sink = await SmtpSink.StartAsync(_folder);
            _one = await SharingNode.StartAsync("one.example.com", _redis, _sink);
            _other = await SharingNode.StartAsync("other.example.com", _redis, _sink);
        }
        catch
        {
            // Nobody else does: without this its processes outlive the test.
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { _one, _other, _sink, _redis })
            if (part is not null)
                await part.DisposeAsync();
        _folder.Dispose();
    }

    [PeerFact("/usr/bin/python3", "redis-server", "smtp-sink", "smtp-source")]
    public async Task HeldTenant_OnOneNode_IsHeldByTheOtherAtOnceAndReleasedThereAfterTheFirstDied()
    {
        var rule = await _one.Rules.AddAsync(new { action = "hold", scope = "tenant", value = "default", reason = "is this theirs?", author = "anna" });

        var id = await SendAsync(_other.TrustedPort, "one@sink.example");
        await SendAsync(_other.OtherTenantPort, "two@sink.example");
        await _sink.WaitForAsync(1, TimeSpan.FromSeconds(10), () => _other.Node.Process.Output);
        _sink.Mails().Single().Recipients.ShouldBe(["two@sink.example"]);
        var delivery = (await _other.Rules.GetAsync($"/api/v1/messages/{id}")).GetProperty("deliveries").EnumerateArray().Single();
        delivery.GetProperty("waits").GetString().ShouldBe("held");
        delivery.GetProperty("rule").GetProperty("author").GetString().ShouldBe("anna");

        await _one.Node.Process.KillAsync();
        await SendAsync(_other.TrustedPort, "three@sink.example");
        var listed = (await _other.Rules.ListAsync()).ShouldHaveSingleItem();
        (listed.GetProperty("id").GetString(), listed.GetProperty("holds").GetInt64()).ShouldBe((rule.GetProperty("id").GetString(), 2));
        _sink.Count.ShouldBe(1);

        await _other.Rules.EndAsync(rule);
        await _sink.WaitForAsync(3, TimeSpan.FromSeconds(15), () => _other.Node.Process.Output);
        await _other.Node.EmptiedAsync();
        (await _other.Rules.ListAsync()).ShouldBeEmpty();
        _sink.Mails().SelectMany(mail => mail.Recipients).ShouldBe(["one@sink.example", "two@sink.example", "three@sink.example"], ignoreOrder: true);
    }

    [PeerFact("/usr/bin/python3", "redis-server", "smtp-sink", "smtp-source")]
    public async Task DroppedMail_NodeThatWasToldDiesAtOnce_TheOtherDropsItAll()
    {
        const int Mails = 1000;
        await _one.Rules.AddAsync(new { action = "suspend", scope = "site", value = "route:sink.example", reason = "wait" });
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var load = new SmtpSourceLoad(new IPEndPoint(IPAddress.Loopback, _other.TrustedPort), Mails);
        await load.RunAsync(batch => $"batch{batch}@sink.example", bound.Token);
        var queued = await _other.Node.QueuedAsync();
        queued.ShouldBeGreaterThanOrEqualTo(Mails);

        var rule = await _one.Rules.AddAsync(new { action = "drop", scope = "tenant", value = "default", reason = "a mistake" });
        await _one.Node.Process.KillAsync();

        await _other.Node.EmptiedAsync();
        var done = (await _other.Rules.ListAsync()).Single(each => each.GetProperty("id").GetString() == rule.GetProperty("id").GetString());
        done.GetProperty("done").GetInt64().ShouldBe(queued);
        _sink.Count.ShouldBe(0);
    }

    /// <returns>The id of the message.</returns>
    private static async Task<string> SendAsync(int port, string recipient) =>
        (await Tool.RunAsync("/usr/bin/python3", ["-c", Program, $"{port}", recipient])).Lines(1)[0];
}
