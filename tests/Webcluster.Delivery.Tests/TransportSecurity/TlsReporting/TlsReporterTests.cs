using System.Net;
using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Reports;
using Webcluster.Delivery.Tests.Pump;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Delivery.TransportSecurity.TlsReporting;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.TransportSecurity.TlsReporting;

public sealed class TlsReporterTests
{
    private static readonly TlsReportOptions Options = new() { Organisation = "We Inc.", Contact = "tls@we.test", From = "tls@we.test" };

    [Fact]
    public async Task SendDue_DomainThatCannotBeReportedTo_IsPassedOverAndTheOthersAreSent()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var ledger = new TlsLedger(file: null, bench.Clock);
        foreach (var domain in new[] { "evil.test", "from.test" })
            ledger.Add(new TlsSession(domain, TlsDecision.By(TlsRule.Opportunistic), $"mx.{domain}", null, TlsResult.Success));
        // Something that nobody foresaw.
        bench.Dns.Text("_smtp._tls.evil.test", (string)null!);
        bench.Dns.Text("_smtp._tls.from.test", "v=TLSRPTv1; rua=mailto:tls@from.test");
        using var reporter = Make(bench, ledger);
        bench.Clock.Advance(TimeSpan.FromDays(1));

        await reporter.SendDueAsync(CancellationToken.None);

        bench.Queue.Enqueued.ShouldHaveSingleItem().Deliveries[0].Lane.Site.ShouldBe("mx.from.test");
        ledger.Before(DateOnly.MaxValue).ShouldHaveSingleItem().Domain.ShouldBe("evil.test", "it is tried again");
        bench.Log.Entries.ShouldContain(entry => entry.Id == 3061);
    }

    [Fact]
    public async Task Post_HostThatNoConnectionCanBeMadeTo_SaysWhy()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        using var post = Post(bench);
        // Short enough as it is written, too long as it is asked for.
        var to = new Uri($"https://{new string([.. Enumerable.Range(0, 29).Select(i => (char)(0x4E00 + i * 700))])}.test/");

        (await post.SendAsync(new TlsReport(new DomainTally(DateOnly.MinValue, "to.test"), Options, "we.test"), to, CancellationToken.None))
            .ShouldNotBeNull();
    }

    private static TlsReporter Make(PumpBench bench, TlsLedger ledger)
    {
        var mailer = new TlsReportMailer(new ReportMailer(bench.Queue, bench.Lanes(), bench), Options, "we.test", bench.Clock);
        var services = new TlsReporterServices(ledger, bench.Dns, mailer, Post(bench), "we.test");
        return new TlsReporter(services, Options, bench.Clock, new Logger<TlsReporter>(bench.Log));
    }

    private static TlsReportPost Post(PumpBench bench) =>
        new(new GuardedHttp(bench.Dns, new NetworkPolicy([IPNetwork.Parse("127.0.0.0/8")], []), new TrustedRoots([])), bench.Clock);
}
