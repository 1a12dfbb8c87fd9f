using System.Net;
using System.Net.Sockets;
using System.Text;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Xunit;

namespace Webcluster.EndToEnd.LoadBalancer;

/// <summary>Two nodes behind HAProxy as deploy/haproxy has it. Clients come from 127.0.0.7, HAProxy itself connects from
/// 127.0.0.1.</summary>
public sealed class BehindHaProxyTests : IAsyncLifetime
{
    private const string Client = "127.0.0.7";
    private const string One = "one.example.com";
    private const string Two = "two.example.com";

    private readonly TemporaryFolder _folder = new();
    private SmtpSink _sink = null!;
    private ProxiedNode _one = null!;
    private ProxiedNode _two = null!;
    private HaProxy _haproxy = null!;

    public async Task InitializeAsync()
    {
        // Where a test is skipped, its peers may be missing.
        if (Peers.Missing(["haproxy", "swaks", "smtp-sink"]) is not null) return;
        try
        {
            await StartAsync();
        }
        catch
        {
            // Nobody else does: without this its processes outlive the test.
            await DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync()
    {
        _sink = await SmtpSink.StartAsync(_folder);
        _one = new ProxiedNode(One, _sink.Port);
        _two = new ProxiedNode(Two, _sink.Port);
        await _one.StartAsync();
        await _two.StartAsync();
        _haproxy = await HaProxy.StartAsync(_folder, [_one.Address, _two.Address]);
        await _haproxy.WaitForAsync("node1", "UP");
        await _haproxy.WaitForAsync("node2", "UP");
    }

    public async Task DisposeAsync()
    {
        if (_haproxy is not null) await _haproxy.DisposeAsync();
        if (_one is not null) await _one.DisposeAsync();
        if (_two is not null) await _two.DisposeAsync();
        if (_sink is not null) await _sink.DisposeAsync();
        _folder.Dispose();
    }

    [PeerTheory("haproxy", "swaks", "smtp-sink")]
    [InlineData("--tls")]
    [InlineData("--tls-on-connect")]
    public async Task Mail_ThroughHaProxy_HasTheClientsAddress(string tls)
    {
        await SendAsync(tls);

        await _sink.WaitForAsync(1, TimeSpan.FromSeconds(30), Output);
        _sink.Mails().Single().Content.ShouldContain($"([{Client}])\r\n\tby ");
    }

    [PeerFact("haproxy", "swaks", "smtp-sink")]
    public async Task Drain_OneNode_EverythingGoesToTheOtherUntilResumed()
    {
        (await _one.CommandAsync("drain", "--reason", "kernel update")).ShouldSatisfyAllConditions(
            ran => ran.ExitCode.ShouldBe(0, ran.ToString()), ran => ran.Output.ShouldContain("draining since"), ran => ran.Output.ShouldContain(": kernel update"));
        (await AgentAsync(_one)).ShouldBe("drain\n");
        (await ReadyAsync(_one)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        await _haproxy.WaitForAsync("node1", "DRAIN");

        (await NodesThatTakeAsync(6)).ShouldBe([Two]);

        (await _one.CommandAsync("drain", "--wait", "30s")).ExitCode.ShouldBe(0);
        (await _one.CommandAsync("resume")).Output.ShouldContain("ready since");
        (await AgentAsync(_one)).ShouldBe("up ready\n");
        await _haproxy.WaitForAsync("node1", "UP");
        (await NodesThatTakeAsync(6)).ShouldBe([One, Two]);
    }

    [PeerFact("haproxy", "swaks", "smtp-sink")]
    public async Task Drain_OpenTransaction_ComesToItsEnd()
    {
        await using var client = await RawClient.ConnectAsync(_haproxy.Port);
        await client.AskAsync("EHLO client.example");
        await client.AskAsync("STARTTLS");
        await client.StartTlsAsync();
        var name = (await client.AskAsync("EHLO client.example")).Split('\r')[0][4..];
        var node = name == One ? _one : _two;
        await client.AskAsync($"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{NodeSettings.User}\0{NodeSettings.Password}"))}");
        await client.AskAsync("MAIL FROM:<sender@example.com>");
        await client.AskAsync("RCPT TO:<you@sink.example>");
        (await client.AskAsync("DATA")).ShouldStartWith("354 ");

        await node.CommandAsync("drain");
        await _haproxy.WaitForAsync(name == One ? "node1" : "node2", "DRAIN");
        // Several health checks and the end of the drain delay.
        await Task.Delay(TimeSpan.FromSeconds(6));
        (await client.AskAsync("From: sender@example.com\r\n\r\nhello\r\n.")).ShouldStartWith("250 ");
        (await client.RestAsync()).ShouldStartWith("421 4.3.2 ");

        (await node.CommandAsync("drain", "--wait", "10s")).ExitCode.ShouldBe(0);
        (await node.Node.QueuedAsync()).ShouldBe(1, "a drained node delivers nothing");
        await node.CommandAsync("resume");
        await _sink.WaitForAsync(1, TimeSpan.FromSeconds(30), Output);
    }

    [PeerFact("haproxy", "swaks", "smtp-sink")]
    public async Task Kill_OneNode_TheOtherGoesOn()
    {
        await _one.Node.Process.KillAsync();

        // HAProxy tries the other one where it has not noticed yet.
        (await NodesThatTakeAsync(4)).ShouldBe([Two]);
        await _haproxy.WaitForAsync("node1", "DOWN");
        (await NodesThatTakeAsync(2)).ShouldBe([Two]);
    }

    [PeerFact("haproxy", "swaks", "smtp-sink")]
    public async Task Drain_AllNodes_ClientsHearWhy()
    {
        await _one.CommandAsync("drain");
        await _two.CommandAsync("drain");
        await _haproxy.WaitForAsync("node1", "DRAIN");
        await _haproxy.WaitForAsync("node2", "DRAIN");
        // Until the drain delay is over they still take mail.
        for (var end = DateTime.UtcNow.AddSeconds(15); await ReplyOfAsync(_haproxy.Port) is var greeting; await Task.Delay(200))
        {
            if (greeting.StartsWith("421 4.3.2 ", StringComparison.Ordinal)) break;
            greeting.ShouldStartWith("220 ");
            DateTime.UtcNow.ShouldBeLessThan(end, greeting);
        }
    }

    [PeerFact("haproxy", "swaks", "smtp-sink")]
    public async Task Http_ThroughHaProxy_IsANodes()
    {
        using var http = new HttpClient();
        (await http.GetStringAsync($"http://127.0.0.1:{_haproxy.HttpPort}/readyz")).ShouldContain("\"ready\": true");
    }

    [PeerFact("haproxy", "swaks", "smtp-sink")]
    public async Task Node_WithoutHeader_SaysNothing()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _one.Port);
        await client.GetStream().WriteAsync("EHLO client.example\r\n"u8.ToArray());
        (await client.GetStream().ReadAsync(new byte[1])).ShouldBe(0);
        (await _one.Node.GetAsync("/metrics")).ShouldContain("result=\"no_signature\"");
    }

    private async Task SendAsync(string tls)
    {
        var ran = await Tool.RunAsync("swaks",
        [
            "--server", $"127.0.0.1:{(tls == "--tls" ? _haproxy.Port : _haproxy.ImplicitPort)}", tls, "--local-interface", Client,
            "--auth", "PLAIN", "--auth-user", NodeSettings.User, "--auth-password", NodeSettings.Password, "--from", "sender@example.com", "--to", "you@sink.example",
        ]);
        ran.ExitCode.ShouldBe(0, ran + Output());
    }

    /// <summary>Sends mails one after another; the names of the nodes that took them, by what they put into Received.</summary>
    private async Task<IReadOnlyList<string>> NodesThatTakeAsync(int mails)
    {
        var before = _sink.Mails().Select(NodeOf).ToList();
        for (var sent = 0; sent < mails; sent++) await SendAsync("--tls");
        await _sink.WaitForAsync(before.Count + mails, TimeSpan.FromSeconds(30), Output);
        var after = _sink.Mails().Select(NodeOf).ToList();
        foreach (var node in before) after.Remove(node);
        return [.. after.Distinct().Order()];
    }

    private static string NodeOf(SunkMail mail) => mail.Content.Contains($"([{Client}])\r\n\tby {One} ", StringComparison.Ordinal) ? One : Two;

    private static async Task<string> AgentAsync(ProxiedNode node) => await ReadAsync(node.AgentPort);

    private static async Task<string> ReplyOfAsync(int port)
    {
        await using var client = await RawClient.ConnectAsync(port);
        return client.Received;
    }

    private static async Task<string> ReadAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }

    private static async Task<HttpStatusCode> ReadyAsync(ProxiedNode node)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync($"http://127.0.0.1:{node.HttpPort}/readyz");
        return answer.StatusCode;
    }

    private string Output() => $"\n--- one\n{_one.Node.Process.Output}\n--- two\n{_two.Node.Process.Output}";
}
