using Shouldly;
using Webcluster.EndToEnd.Harness;
using Xunit;

namespace Webcluster.EndToEnd.Abuse;

/// <summary>What hostile clients send over real sockets. After each, an ordinary client is served.</summary>
public sealed class AbusiveClientsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SmtpSink _sink = null!;
    private NodeProcess _node = null!;

    public async Task InitializeAsync()
    {
        if (Peers.Missing(["smtp-sink"]) is not null) return;
        _sink = await SmtpSink.StartAsync(_folder);
        _node = await NodeProcess.StartAsync(new NodeSettings(_folder) { RouteTo = _sink.Port });
    }

    public async Task DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        if (_sink is not null) await _sink.DisposeAsync();
        _folder.Dispose();
    }

    [PeerTheory("smtp-source", "smtp-sink")]
    [InlineData("\n.\n")]
    [InlineData("\n.\r\n")]
    [InlineData("\r\n.\n")]
    [InlineData("\r.\r")]
    [InlineData("\r\n.\r")]
    public async Task SmuggledEndOfData_OneMailAtMost_NoReplyToTheInnerCommands(string end)
    {
        await using var client = await RawClient.ConnectAsync(_node.Settings.TrustedPort);
        (await client.AskAsync("EHLO abuser.example")).ShouldStartWith("250-");
        foreach (var line in new[] { "MAIL FROM:<sender@example.com>", "RCPT TO:<you@sink.example>" }) (await client.AskAsync(line)).ShouldStartWith("250 ");
        (await client.AskAsync("DATA")).ShouldStartWith("354 ");
        await client.SendAsync($"From: a@example.com\r\nSubject: t\r\n\r\nfirst{end}MAIL FROM:<smuggled@example.com>\r\nRCPT TO:<victim@sink.example>\r\nDATA\r\nsmuggled\r\n.\r\n");
        var answer = await client.ReplyAsync();
        await SendsAndGetsAsync();

        answer.ShouldMatch("^5[0-9]{2} ");
        _sink.Count.ShouldBe(1, "what was refused was sent on");
        (await EndAsync(client)).ShouldNotContain("354");
    }

    [PeerFact("smtp-source", "smtp-sink")]
    public async Task CommandsBehindStartTls_AreNotAnsweredInsideTls()
    {
        await using var client = await RawClient.ConnectAsync(_node.Settings.StartTlsPort);
        (await client.AskAsync("EHLO abuser.example")).ShouldContain("STARTTLS");
        await client.SendAsync("STARTTLS\r\nEHLO injected.example\r\nNOOP\r\n");

        (await client.ReplyAsync()).ShouldStartWith("554 5.5.0");
        (await client.RestAsync()).ShouldBe("");
        await SendsAndGetsAsync();
    }

    [PeerTheory("smtp-source", "smtp-sink")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60\r\n\r\nEHLO x\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@sink.example>\r\n")]
    [InlineData("CONNECT localhost:25 HTTP/1.1\r\n\r\nEHLO x\r\n")]
    public async Task Http_OneRefusalAndTheEnd(string request)
    {
        await using var client = await RawClient.ConnectAsync(_node.Settings.TrustedPort);
        await client.SendAsync(request);

        var rest = await client.RestAsync();
        rest.ShouldMatch("^5[0-9]{2} [^\n]*\n$");
        await SendsAndGetsAsync();
    }

    [PeerFact("smtp-source", "smtp-sink")]
    public async Task TenMegabyteLines_AreCutOff_MemoryStaysFlat()
    {
        await SendsAndGetsAsync();
        var before = _node.ResidentMemory();
        var clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => FloodAsync()));

        foreach (var client in clients)
        {
            client.Received.ShouldMatch("\n5[0-9]{2} [^\n]*\n$");
            await client.DisposeAsync();
        }

        (_node.ResidentMemory() - before).ShouldBeLessThan(40_000_000, "100 MB came in");
        await SendsAndGetsAsync(2);
    }

    [PeerFact("smtp-source", "smtp-sink")]
    public async Task TwoThousandIdleConnections_AnotherClientIsServed()
    {
        var idle = new List<RawClient>();
        try
        {
            for (var i = 0; i < 2000; i++) idle.Add(await RawClient.ConnectAsync(_node.Settings.TrustedPort));
            await SendsAndGetsAsync();
            (await idle[0].AskAsync("NOOP")).ShouldStartWith("250 ");
            (await idle[^1].AskAsync("NOOP")).ShouldStartWith("250 ");
        }
        finally
        {
            foreach (var client in idle) await client.DisposeAsync();
        }
    }

    private async Task<RawClient> FloodAsync()
    {
        var client = await RawClient.ConnectAsync(_node.Settings.TrustedPort);
        var block = new string('A', 100_000);
        try
        {
            for (var i = 0; i < 100; i++) await client.SendAsync(block);
        }
        catch (IOException)
        {
            // Cut off, as it should be.
        }

        await client.RestAsync();
        return client;
    }

    /// <summary>What else came before the end, which is asked for where the server did not make it.</summary>
    private static async Task<string> EndAsync(RawClient client)
    {
        try
        {
            await client.SendAsync("QUIT\r\n");
        }
        catch (IOException)
        {
            // Closed already.
        }

        return await client.RestAsync();
    }

    private async Task SendsAndGetsAsync(int count = 1)
    {
        var ran = await Tool.RunAsync("smtp-source", ["-f", "sender@example.com", "-t", "you@sink.example", $"127.0.0.1:{_node.Settings.TrustedPort}"]);
        ran.ExitCode.ShouldBe(0, $"{ran}\n{_node.Process.Output}");
        await _sink.WaitForAsync(count, TimeSpan.FromSeconds(20), () => _node.Process.Output);
    }
}
