using System.Net;
using System.Text;
using Shouldly;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Webcluster.Delivery.TransportSecurity.TlsReporting;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Dns;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.TransportSecurity.TlsReporting;

public sealed class TlsReportTests : IDisposable
{
    private static readonly TlsReportOptions Options = new() { Organisation = "We Inc.", Contact = "tls@we.test", From = "tls@we.test" };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webcluster-tlsrpt-");
    private readonly ManualClock _clock = new();
    private readonly TlsLedger _ledger;

    public TlsReportTests() => _ledger = new TlsLedger(File, _clock);

    private string File => Path.Combine(_folder.FullName, "state", "counts.json");

    private DateOnly Tomorrow => DateOnly.FromDateTime(_clock.Now.UtcDateTime).AddDays(1);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Json_OfADay_IsWhatTheRfcAsks()
    {
        var sts = TlsDecision.By(TlsRule.Sts) with { Sts = new StsPolicy(StsMode.Enforce, ["*.to.test"], TimeSpan.FromDays(1)) };
        Count(sts, TlsResult.Success, 2);
        Count(sts, TlsResult.CertificateExpired, 3);
        Count(new TlsDecision(TlsRule.Dane, [new TlsaRecord(3, 1, 1, new byte[] { 0xAB, 0xCD })]), TlsResult.TlsaInvalid, 1);
        Count(TlsDecision.By(TlsRule.Opportunistic), TlsResult.Success, 1);
        var report = new TlsReport(_ledger.Before(Tomorrow).Single(), Options, "we.test");

        Encoding.UTF8.GetString(report.Json()).ShouldBe(
            """
            {"organization-name":"We Inc.","date-range":{"start-datetime":"2026-11-22T00:00:00Z","end-datetime":"2026-11-22T23:59:59Z"},
            "contact-info":"tls@we.test","report-id":"ID","policies":[
            {"policy":{"policy-type":"sts","policy-string":["version: STSv1","mode: enforce","mx: *.to.test","max_age: 86400"],
            "policy-domain":"to.test","mx-host":["*.to.test"]},
            "summary":{"total-successful-session-count":2,"total-failure-session-count":3},
            "failure-details":[{"result-type":"certificate-expired","sending-mta-ip":"192.0.2.1","receiving-mx-hostname":"mx.to.test",
            "receiving-ip":"192.0.2.25","failed-session-count":3}]},
            {"policy":{"policy-type":"tlsa","policy-string":["3 1 1 abcd"],"policy-domain":"to.test"},
            "summary":{"total-successful-session-count":0,"total-failure-session-count":1},
            "failure-details":[{"result-type":"tlsa-invalid","sending-mta-ip":"192.0.2.1","receiving-mx-hostname":"mx.to.test",
            "receiving-ip":"192.0.2.25","failed-session-count":1}]},
            {"policy":{"policy-type":"no-policy-found","policy-domain":"to.test"},
            "summary":{"total-successful-session-count":1,"total-failure-session-count":0}}]}
            """.ReplaceLineEndings("").Replace("ID", report.Id, StringComparison.Ordinal));
        report.Id.ShouldStartWith("20261122.");
        report.FileName.ShouldBe("we.test!to.test!1795305600!1795391999.json.gz");
    }

    [Fact]
    public void Mail_OfAReport_HasTheFieldsAndTheAttachment()
    {
        Count(TlsDecision.By(TlsRule.Opportunistic), TlsResult.Success, 1);
        var report = new TlsReport(_ledger.Before(Tomorrow).Single(), Options, "we.test");
        var mail = Encoding.ASCII.GetString(TlsReportMail.Write(report, new Mailbox("tls", "we.test"), new Mailbox("in", "to.test"), "we.test", _clock.Now));
        mail.ShouldContain("\r\nTLS-Report-Domain: to.test\r\nTLS-Report-Submitter: we.test\r\n");
        mail.ShouldContain($"\r\nSubject: Report Domain: to.test\r\n Submitter: we.test\r\n Report-ID: <{report.Id}>\r\n");
        mail.ShouldContain("\r\nContent-Type: multipart/report; report-type=\"tlsrpt\";\r\n boundary=\"=_tlsrpt\"\r\n");
        mail.ShouldContain("\r\nContent-Type: application/tlsrpt+gzip\r\n");
        mail.Split("\r\n").ShouldAllBe(line => line.Length < 200 && !line.Contains('\n'));
    }

    [Fact]
    public void Ledger_SavedAndLoaded_CountsOn()
    {
        Count(TlsDecision.By(TlsRule.Opportunistic), TlsResult.Success, 2);
        Count(TlsDecision.By(TlsRule.Opportunistic), TlsResult.StartTlsNotSupported, 1);
        _ledger.Save();
        var again = new TlsLedger(File, _clock);
        again.Load();
        again.Add(Session(TlsDecision.By(TlsRule.Opportunistic), TlsResult.Success));
        again.Add(Session(TlsDecision.By(TlsRule.Opportunistic), TlsResult.StartTlsNotSupported));
        var policy = again.Before(Tomorrow).Single().Policies.Single();
        (policy.Successes, policy.Failures.Single().Count).ShouldBe((3, 2));
    }

    [Fact]
    public void Ledger_SavedAfterAFailure_IsWritten()
    {
        var folder = Path.GetDirectoryName(File)!;
        System.IO.File.WriteAllText(folder, "in the way");
        Count(TlsDecision.By(TlsRule.Opportunistic), TlsResult.Success, 1);
        Should.Throw<IOException>(_ledger.Save);
        System.IO.File.Delete(folder);

        _ledger.Save();

        System.IO.File.Exists(File).ShouldBeTrue();
    }

    [Fact]
    public void Ledger_NextDay_CountsAnew()
    {
        Count(TlsDecision.By(TlsRule.Opportunistic), TlsResult.Success, 2);
        _clock.Advance(TimeSpan.FromDays(1));
        Count(TlsDecision.By(TlsRule.Opportunistic), TlsResult.Success, 3);
        _ledger.Before(Tomorrow).Select(tally => tally.Policies[0].Successes).ShouldBe([2, 3]);
        _ledger.Before(Tomorrow.AddDays(-1)).Single().Policies[0].Successes.ShouldBe(2);
    }

    [Fact]
    public void Ledger_TooManyDomains_AreNotCounted()
    {
        for (var i = 0; i <= TlsLedger.MostDomains; i++) _ledger.Add(Session(TlsDecision.By(TlsRule.Opportunistic), TlsResult.Success) with { Domain = $"{i}.test" });
        _ledger.Before(Tomorrow).Count.ShouldBe(TlsLedger.MostDomains);
    }

    [Theory]
    [InlineData("v=TLSRPTv1; rua=mailto:tls@to.test", "tls@to.test")]
    [InlineData("v=TLSRPTv1;rua=https://to.test/v1/report,mailto:a%2Bb@to.test!10m ;", "https://to.test/v1/report a+b@to.test")]
    [InlineData("v=TLSRPTv1; rua=http://to.test/report", "")]
    [InlineData("v=TLSRPTv1; rua=https://user:pass@to.test/", "")]
    [InlineData("v=TLSRPTv1; rua=https://日本.test/", "")]
    [InlineData("v=TLSRPTv1; rua=https://xn--wgv71a.test/", "https://xn--wgv71a.test/")]
    [InlineData("v=TLSRPTv1; rua=mailto:a%0D%0ABcc:b@to.test", "")]
    [InlineData("v=TLSRPTv1; rua=mailto:,ftp://a,,x", "")]
    [InlineData("v=TLSRPTv2; rua=mailto:tls@to.test", "")]
    [InlineData("v=TLSRPTv1", "")]
    public void TargetsOf_Record_AreWhereReportsAreWanted(string text, string expected) =>
        string.Join(' ', TlsReportRecord.TargetsOf([text]).Select(target => target switch
        {
            TlsReportTarget.Mail mail => mail.To.ToString(),
            TlsReportTarget.Post post => post.To.ToString(),
            _ => "?",
        })).ShouldBe(expected);

    [Fact]
    public void TargetsOf_TwoRecords_AreNone() =>
        TlsReportRecord.TargetsOf(["v=TLSRPTv1; rua=mailto:a@to.test", "v=TLSRPTv1; rua=mailto:b@to.test"]).ShouldBeEmpty();

    private void Count(TlsDecision decision, TlsResult result, int times)
    {
        for (var i = 0; i < times; i++) _ledger.Add(Session(decision, result));
    }

    private static TlsSession Session(TlsDecision decision, TlsResult result) =>
        new("to.test", decision, "mx.to.test", IPAddress.Parse("192.0.2.25"), result) { From = IPAddress.Parse("192.0.2.1") };
}
