using Shouldly;
using Webcluster.Delivery.Reports;
using Webcluster.Delivery.Tests.Pump;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Delivery.TransportSecurity.TlsReporting;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.TransportSecurity.TlsReporting;

public sealed class TlsReportMailerTests
{
    private static readonly TlsReportOptions Options = new() { Organisation = "We Inc.", Contact = "tls@we.test", From = "tls@we.test" };

    [Fact]
    public async Task Send_Twice_IsStoredOnceFromNobodyAndForADay()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);

        (await SendAsync(bench, Sample.Address("tls@from.test"))).ShouldBeNull();
        (await SendAsync(bench, Sample.Address("tls@from.test"))).ShouldBeNull();

        (await bench.Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(1);
        var mail = bench.Queue.Enqueued[0];
        (mail.Envelope.ReversePath, mail.Envelope.Tenant, mail.Envelope.Tls).ShouldBe((null, "", TlsWish.Relaxed));
        (mail.AcceptedAt, mail.ExpiresAt).ShouldBe((Sample.Start, Sample.Start.AddDays(1)));
        var delivery = mail.Deliveries.ShouldHaveSingleItem();
        (delivery.Class, delivery.Lane.Site).ShouldBe((MailClass.Bulk, "mx.from.test"));
    }

    [Theory]
    [InlineData("tls@[10.0.0.1]", null, "its address leads nowhere")]
    [InlineData("größe@from.test", null, "its address needs SMTPUTF8")]
    [InlineData("tls@from.test", EnqueueResult.Full, "the queue did not take it (Full)")]
    public async Task Send_WhatCannotBeStored_SaysWhy(string to, EnqueueResult? refusal, string reason)
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        bench.Queue.Refusal = refusal;

        (await SendAsync(bench, Sample.Address(to))).ShouldBe(reason);

        bench.Queue.Enqueued.ShouldBeEmpty();
    }

    private static Task<string?> SendAsync(PumpBench bench, Mailbox to)
    {
        var mailer = new TlsReportMailer(new ReportMailer(bench.Queue, bench.Lanes(), bench), Options, "we.test", bench.Clock);
        var report = new TlsReport(new DomainTally(DateOnly.FromDateTime(Sample.Start.UtcDateTime), "from.test"), Options, "we.test");
        return mailer.SendAsync(report, to, CancellationToken.None);
    }
}
