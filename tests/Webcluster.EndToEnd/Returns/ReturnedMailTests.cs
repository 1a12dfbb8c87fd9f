using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Xunit;

namespace Webcluster.EndToEnd.Returns;

/// <summary>The way back with real servers: Postfix bounces later by the return path, swaks brings complaints and forgeries, curl follows links.</summary>
public sealed partial class ReturnedMailTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _returns = Ports.Free();
    private readonly int _links = Ports.Free();
    private LaterBouncer? _postfix;
    private NodeProcess? _node;

    [GeneratedRegex("^X-Webcluster-Ref: (?<token>[a-z2-7]{61})\r?$", RegexOptions.Multiline, 1000)]
    private static partial Regex Reference { get; }

    [GeneratedRegex("^List-Unsubscribe: <https://mail\\.example\\.com(?<path>/unsubscribe/[\\w-]+)>", RegexOptions.Multiline, 1000)]
    private static partial Regex Link { get; }

    public async Task InitializeAsync()
    {
        if (Peers.Missing(["postfix", "swaks", "curl"]) is not null) return;
        _folder.Write("node/secret", "0123456789abcdef0123456789abcdef");
        _postfix = await LaterBouncer.StartAsync(_folder, _returns);
        _node = await NodeProcess.StartAsync(new NodeSettings(_folder)
        {
            RouteTo = _postfix.Port,
            More = $"""
                return_path:
                  domain: bounce.example.com
                  keys: [{"{"}id: 1, file: secret{"}"}]
                  listeners:
                    - address: 127.0.0.1:{_returns}
                unsubscribe:
                  url: https://mail.example.com
                  tenants: ['*']
                  keys: [{"{"}id: 1, file: secret{"}"}]
                  listen: 127.0.0.1:{_links}
                  tls: true
                """,
        });
    }

    public async Task DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        if (_postfix is not null) await _postfix.DisposeAsync();
        _folder.Dispose();
    }

    [PeerFact("postfix", "swaks", "curl")]
    public async Task MailThatBouncesLater_ComesBackByItsReturnPath()
    {
        await SubmitAsync("nobody@later.example");
        await CountedAsync("webcluster_returned_total{kind=\"bounce\"} 1");
        await _node!.Process.SaysAsync("Came back: BouncedLater");
        (await SuppressedAsync("nobody@later.example")).ShouldContain("hard_bounce");
        await _postfix!.LoggedAsync("status=sent (250 2.0.0 Ok");
    }

    [PeerFact("postfix", "swaks", "curl")]
    public async Task Complaint_WithTheReferenceOfAMail_IsTaken()
    {
        await SubmitAsync("ann@kept.example");
        var mail = await _postfix!.KeptAsync(() => _node!.Process.Output);
        mail.ShouldContain("Return-Path: <b+");
        var report = _folder.Write("report.eml", Complaint(Reference.Match(mail).Groups["token"].Value));
        (await BringAsync("fbl@bounce.example.com", "--tls", "--data", $"@{report}")).ShouldContain("250 2.0.0");
        await CountedAsync("webcluster_returned_total{kind=\"complaint\"} 1");
        (await SuppressedAsync("ann@kept.example")).ShouldContain("complaint");
    }

    [PeerFact("postfix", "swaks", "curl")]
    public async Task ReturnListener_WhatIsNotOurs_IsRefused()
    {
        (await BringAsync("anybody@example.org")).ShouldContain("550 5.7.1");
        (await BringAsync("sales@bounce.example.com")).ShouldContain("550 5.7.1");
        (await BringAsync($"b+{new string('c', 61)}@bounce.example.com")).ShouldContain("550 5.1.1");
        (await BringAsync("fbl@bounce.example.com", "--auth", "PLAIN", "--auth-user", "app", "--auth-password", "x")).ShouldNotContain("AUTH PLAIN");
        await CountedAsync("webcluster_returned_refused_total{reason=\"malformed\",token=\"return_path\"} 1");
    }

    [PeerFact("postfix", "swaks", "curl")]
    public async Task Link_OfAMail_UnsubscribesWithOneClick()
    {
        await SubmitAsync("ann@kept.example");
        var mail = (await _postfix!.KeptAsync(() => _node!.Process.Output)).ReplaceLineEndings("\n");
        mail.ShouldContain("\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n");
        var path = Link.Match(mail).Groups["path"].Value;
        (await CurlAsync(path)).ShouldContain("<form method=\"post\">");
        (await _node!.GetAsync("/metrics")).ShouldNotContain("kind=\"unsubscribe\"");
        (await CurlAsync(path, "--data", "List-Unsubscribe=One-Click")).ShouldContain("<h1>Unsubscribed</h1>");
        await CountedAsync("webcluster_returned_total{kind=\"unsubscribe\"} 1");
        (await SuppressedAsync("ann@kept.example")).ShouldContain("unsubscribe");
        (await CurlAsync("/metrics")).ShouldContain("nothing is here");
    }

    private async Task SubmitAsync(string recipient)
    {
        var ran = await Tool.RunAsync(
            "swaks", ["--server", $"127.0.0.1:{_node!.Settings.TrustedPort}", "--from", "sender@example.com", "--to", recipient]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
    }

    private async Task<string> SuppressedAsync(string address) => (await NodeProcess.RunAsync(
        ["suppression", "get", address, "--tenant", "default", "--config", _folder.PathOf("node/webcluster.yaml")])).ToString();

    private async Task<string> BringAsync(string recipient, params string[] more) => (await Tool.RunAsync(
        "swaks", ["--server", $"127.0.0.1:{_returns}", "--from", "<>", "--to", recipient, .. more])).ToString();

    private async Task<string> CurlAsync(string path, params string[] more)
    {
        var ran = await Tool.RunAsync(
            "curl", ["-sS", "--cacert", _node!.Settings.CertificateFile, $"https://localhost:{_links}{path}", "--resolve", $"localhost:{_links}:127.0.0.1", .. more]);
        ran.ExitCode.ShouldBe(0, ran.ToString());
        return ran.Output;
    }

    private async Task CountedAsync(string line)
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); ; await Task.Delay(100))
        {
            var metrics = await _node!.GetAsync("/metrics");
            if (metrics.Contains(line)) return;
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"not counted: {line}\n{metrics}\n{_node.Process.Output}\n{_postfix!.Log}");
        }
    }

    private static string Complaint(string reference) => $"""
        From: feedback@isp.example
        To: fbl@bounce.example.com
        Subject: abuse report
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="x"

        --x
        Content-Type: text/plain

        This is an email abuse report.

        --x
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        User-Agent: ISP/1.0
        Version: 1

        --x
        Content-Type: message/rfc822

        From: sender@example.com
        Subject: test
        X-Webcluster-Ref: {reference}

        hello

        --x--

        """;
}
