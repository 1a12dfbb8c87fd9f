using System.Net;
using Shouldly;
using Webcluster.Delivery.Dns;
using Webcluster.Protocol.Dns;
using Webcluster.TestKit.Dns;
using Webcluster.TestKit.Metrics;

namespace Webcluster.Delivery.Tests.Dns;

/// <summary>The resolver against servers that are not ours: nsd with a zone, alone and behind unbound.</summary>
public sealed class DnsDaemonTests
{
    private const string Zone =
        """
        $ORIGIN example.test.
        $TTL 300
        @ IN SOA ns hostmaster 1 3600 600 86400 60
        @ IN NS ns
        ns IN A 127.0.0.1
        @ IN MX 20 mx2
        @ IN MX 10 mx1
        mx1 IN A 192.0.2.1
        mx1 IN AAAA 2001:db8::1
        mx2 IN CNAME hop
        hop IN CNAME mx1
        dangling IN CNAME nowhere
        null IN MX 0 .
        txt IN TXT "v=DKIM1; p=" "abc" "\255\"x"
        _25._tcp.mx1 IN TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
        odd\.label IN TXT "odd"
        """;

    private static string ZoneFile()
    {
        // An answer that no UDP datagram of ours takes.
        var large = string.Join(' ', Enumerable.Range(0, 20).Select(i => $"\"{new string((char)('a' + i), 200)}\""));
        return $"{Zone}\nlarge IN TXT {large}\n";
    }

    [DnsDaemonFact]
    public async Task Resolver_AgainstNsd_ReadsTheZone()
    {
        await using var nsd = await DnsDaemon.StartNsdAsync("example.test", ZoneFile());
        await CheckAsync(nsd.Address);
    }

    [DnsDaemonFact]
    public async Task Resolver_AgainstUnbound_ReadsTheZone()
    {
        await using var nsd = await DnsDaemon.StartNsdAsync("example.test", ZoneFile());
        await using var unbound = await DnsDaemon.StartUnboundAsync("example.test", nsd);
        await CheckAsync(unbound.Address);
    }

    private static async Task CheckAsync(string server)
    {
        using var meters = new TestMeters();
        await using var resolver = new DnsResolver(new DnsOptions { Servers = [server], Timeout = TimeSpan.FromSeconds(10) },
            TimeProvider.System, meters);

        (await resolver.MxAsync("example.test", default)).Records.ShouldBe([new MxRecord(10, "mx1.example.test"), new MxRecord(20,
            "mx2.example.test")]);
        IPAddress[] addresses = [IPAddress.Parse("2001:db8::1"), IPAddress.Parse("192.0.2.1")];
        (await resolver.AddressesAsync("mx1.example.test", AddressFamilies.Both, default)).Records.ShouldBe(addresses);
        (await resolver.AddressesAsync("mx2.example.test", AddressFamilies.Both, default)).Records.ShouldBe(addresses);
        (await resolver.CnameAsync("mx2.example.test", default)).Records.ShouldBe(["hop.example.test"]);
        (await resolver.MxAsync("null.example.test", default)).Records.ShouldHaveSingleItem().IsNull.ShouldBeTrue();
        (await resolver.TxtAsync("txt.example.test", default)).Records.ShouldBe(["v=DKIM1; p=abc\ufffd\"x"]);
        (await resolver.TxtAsync("large.example.test", default)).Records.ShouldHaveSingleItem().Length.ShouldBe(4000);
        (await resolver.TxtAsync(@"odd\.label.example.test", default)).Records.ShouldBe(["odd"]);
        (await resolver.TlsaAsync("_25._tcp.mx1.example.test", default)).Records.ShouldHaveSingleItem().Data.Length.ShouldBe(32);

        (await resolver.MxAsync("no.example.test", default)).Status.ShouldBe(DnsStatus.NameError);
        (await resolver.MxAsync("dangling.example.test", default)).Status.ShouldBe(DnsStatus.NameError);
        var noData = await resolver.MxAsync("mx1.example.test", default);
        noData.Status.ShouldBe(DnsStatus.NoData);
        noData.Ttl.ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60));
    }
}
