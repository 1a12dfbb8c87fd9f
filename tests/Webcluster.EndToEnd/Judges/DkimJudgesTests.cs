using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Xunit;

namespace Webcluster.EndToEnd.Judges;

/// <summary>The judges can say no: each refuses a mail that was changed on its way, and one that lacks a signature.</summary>
public sealed class DkimJudgesTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Unbound _dns = null!;
    private string _mail = "";

    public async Task InitializeAsync()
    {
        if (Peers.Missing(["smtp-source", "smtp-sink", "unbound"]) is not null) return;
        await using var sink = await SmtpSink.StartAsync(_folder);
        var settings = new NodeSettings(_folder) { RouteTo = sink.Port };
        _dns = await Unbound.StartAsync(_folder, settings.DkimZone());
        await using var node = await NodeProcess.StartAsync(settings);
        await Tool.RunAsync("smtp-source", ["-l", "2000", "-f", "sender@example.com", "-t", "you@sink.example", $"127.0.0.1:{settings.TrustedPort}"]);
        await sink.WaitForAsync(1, TimeSpan.FromSeconds(20), () => node.Process.Output);
        await node.EmptiedAsync();
        _mail = sink.Mails().Single().Content;
    }

    public async Task DisposeAsync()
    {
        if (_dns is not null) await _dns.DisposeAsync();
        _folder.Dispose();
    }

    [PeerFact("smtp-source", "smtp-sink", "unbound", "perl", "/usr/bin/python3")]
    public async Task DkimpyAndMailDkim_RefuseWhatIsNotWhatWasSigned()
    {
        var (good, bad) = Mails();
        foreach (var verdicts in new[] { await Dkimpy.JudgeAsync([good, .. bad], _dns.Port), await PerlMailDkim.JudgeAsync([good, .. bad], _dns.Port) })
            ShouldTellApart(verdicts, good);
    }

    /// <summary>Where it is skipped, mail is judged by the two others only.</summary>
    [RootFact("smtp-source", "smtp-sink", "unbound", "unshare", "ip", "opendkim-testmsg")]
    public async Task OpenDkim_RefusesWhatIsNotWhatWasSigned()
    {
        var (good, bad) = Mails();
        ShouldTellApart(await OpenDkim.JudgeAsync(_folder, [good, .. bad], _dns), good);
    }

    private static void ShouldTellApart(IReadOnlyList<Verdict> verdicts, string good)
    {
        verdicts.Single(verdict => verdict.Mail == good).ShouldSatisfyAllConditions(verdict => verdict.Verified.ShouldBeTrue(verdict.Said));
        verdicts.Where(verdict => verdict.Mail != good).ShouldAllBe(verdict => !verdict.Verified);
    }

    private (string Good, string[] Bad) Mails()
    {
        var oneEach = OpenDkim.WithOneSignature(_mail).ToList();
        oneEach.Count.ShouldBe(2);
        var edwards = oneEach.Single(mail => mail.Contains("a=ed25519-sha256", StringComparison.Ordinal));
        return (DkimJudges.Write(_folder, "good", _mail),
        [
            DkimJudges.Write(_folder, "other-body", _mail + "one more line\r\n"),
            DkimJudges.Write(_folder, "other-from", Regex.Replace(_mail, "(?mi)^From: <?", "$0x", RegexOptions.None, TimeSpan.FromSeconds(1))),
            DkimJudges.Write(_folder, "no-rsa", edwards),
        ]);
    }
}
