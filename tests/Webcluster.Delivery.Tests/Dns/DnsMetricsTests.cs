using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Shouldly;
using Webcluster.Protocol.Dns;
using Webcluster.TestKit.Dns;
using Xunit;

namespace Webcluster.Delivery.Tests.Dns;

public sealed class DnsMetricsTests
{
    [Fact]
    public async Task Queries_ByTypeAndResult_AreCounted()
    {
        await using var fixture = new ResolverFixture();
        var counted = new ConcurrentQueue<string>();
        var durations = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, fixture.Meters)) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            counted.Enqueue($"{instrument.Name} {tags[0].Value} {tags[1].Value} {value}"));
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) =>
            durations += instrument.Name == "webcluster.dns.query.duration" ? 1 : 0);
        listener.Start();

        fixture.Server.Add("a.test", DnsType.Mx, "10 mx.test").Behave("bad.test", ZoneBehaviour.ServerFailure);
        await fixture.Resolver.MxAsync("a.test", default);
        await fixture.Resolver.MxAsync("a.test", default);
        await fixture.Resolver.TxtAsync("no.test", default);
        await fixture.Resolver.CnameAsync("bad.test", default);

        counted.ShouldBe(["webcluster.dns.queries mx noerror 1", "webcluster.dns.queries txt nxdomain 1",
            "webcluster.dns.queries cname servfail 1"]);
        durations.ShouldBe(3);
    }
}
