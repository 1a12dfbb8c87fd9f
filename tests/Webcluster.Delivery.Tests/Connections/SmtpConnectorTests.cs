using System.Net;
using System.Net.Sockets;
using Shouldly;
using Webcluster.Delivery.Connections;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.Sources;
using Webcluster.Delivery.Wire;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Connections;

public class SmtpConnectorTests
{
    private static readonly IPNetwork[] Loopback = [IPNetwork.Parse("127.0.0.0/8")];

    [Theory]
    [InlineData("421 busy")]
    [InlineData("554 no")]
    public async Task Open_FirstHostRefuses_TakesTheNext(string banner)
    {
        await using var first = ScriptedServer.Start(SmtpScript.New.Send($"{banner}\r\n").ExpectEnd());
        await using var second = ScriptedServer.Start(SmtpScript.Greet(Outbound.Client).ExpectEnd());
        var outbound = new Outbound();
        outbound.Dns.Address("mx2.test", "127.0.0.1");
        var opened = await OpenAsync(outbound, new HostPort("mx.test", first.Port, null), new HostPort("mx2.test", second.Port, null));
        opened.Host.ShouldBe("mx2.test");
        await opened.Connection!.DisposeAsync();
        await first.FinishedAsync();
        await second.FinishedAsync();
    }

    [Fact]
    public async Task Open_AllFail_TellsOfTheLast()
    {
        await using var first = ScriptedServer.Start(SmtpScript.New.Send("554 no\r\n").ExpectEnd());
        await using var second = ScriptedServer.Start(SmtpScript.New.Send("421 busy\r\n").ExpectEnd());
        var outbound = new Outbound();
        outbound.Dns.Address("mx2.test", "127.0.0.1");
        var opened = await OpenAsync(outbound, new HostPort("mx.test", first.Port, null), new HostPort("mx2.test", second.Port, null));
        (GreetingTests.Tell(opened), opened.Host).ShouldBe(("Refused@Banner 421", "mx2.test"));
    }

    [Fact]
    public async Task Open_NobodyListens_IsUnreachable() =>
        GreetingTests.Tell(await OpenAsync(new Outbound(), new HostPort("mx.test", ClosedPort(), null))).ShouldBe("Unreachable@Connect");

    [Fact]
    public async Task Open_FamilyThatTheNodeLacks_IsUnreachable()
    {
        // No source of ours can reach it: documentation space is not routed anywhere.
        var opened = await OpenAsync(new Outbound(), new HostPort("2001:db8::1", ClosedPort(), IPAddress.Parse("2001:db8::1")),
            new HostPort("mx.test", ClosedPort(), null));
        opened.Trouble!.Kind.ShouldBe(TroubleKind.Unreachable);
    }

    public static TheoryData<string[], string> Resolutions => new()
    {
        // What each of two hosts answers ("-": no such name, "?": SERVFAIL, "none": no address) → the trouble.
        { ["-", "-"], "NoUsableAddress@Resolve" },
        { ["none", "-"], "NoUsableAddress@Resolve" },
        { ["?", "?"], "Unreachable@Resolve" },
        // One that could not be asked may be there tomorrow.
        { ["-", "?"], "Unreachable@Resolve" },
        { ["?", "-"], "Unreachable@Resolve" },
        { ["10.0.0.1", "-"], "NoUsableAddress@Resolve" },
        { ["169.254.169.254", "::1"], "NoUsableAddress@Resolve" },
        { ["?", "10.0.0.1"], "Unreachable@Resolve" },
        // One that is there and does not answer may do so tomorrow.
        { ["127.0.0.1", "-"], "Unreachable@Connect" },
        { ["-", "127.0.0.1"], "Unreachable@Connect" },
    };

    [Theory]
    [MemberData(nameof(Resolutions))]
    public async Task Open_WhatDnsSays_DecidesTheTrouble(string[] answers, string expected) =>
        GreetingTests.Tell(await ResolveAsync(answers, configured: false)).ShouldBe(expected);

    [Theory]
    [InlineData("-")]
    [InlineData("none")]
    [InlineData("?")]
    public async Task Open_ConfiguredHostIsMissing_IsTemporary(string answer) =>
        GreetingTests.Tell(await ResolveAsync([answer, answer], configured: true)).ShouldBe("Unreachable@Resolve");

    [Fact]
    public async Task Open_ConfiguredHost_MayBePrivate()
    {
        await using var server = ScriptedServer.Start(SmtpScript.Greet(Outbound.Client).ExpectEnd());
        var outbound = new Outbound();
        var opened = await outbound.Create([]).OpenAsync(Outbound.To(server.Port, configured: true), Outbound.Anywhere, CancellationToken.None).Soon();
        await opened.Connection!.DisposeAsync();
        await server.FinishedAsync();
        GreetingTests.Tell(await outbound.Create([]).OpenAsync(Outbound.To(server.Port), Outbound.Anywhere, CancellationToken.None).Soon())
            .ShouldBe("NoUsableAddress@Resolve");
    }

    [Fact]
    public async Task Open_ManyAddresses_TriesFiveAndBothFamilies()
    {
        var outbound = new Outbound();
        await using var server = ScriptedServer.Start(SmtpScript.Greet(Outbound.Client).ExpectEnd());
        // The server is the last of all; by turns it is the fourth.
        outbound.Dns.Address("mx.test", [.. Enumerable.Range(1, 9).Select(i => $"2001:db8::{i}"), "127.0.0.2", "127.0.0.1"]);
        var opened = await outbound.Create([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("2001:db8::/32")])
            .OpenAsync(Outbound.To(server.Port), Outbound.Anywhere, CancellationToken.None).Soon();
        opened.Connection!.Peer.Address.Address.ShouldBe(IPAddress.Loopback);
        await opened.Connection.DisposeAsync();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Open_HundredHosts_TriesFive()
    {
        var scripts = Enumerable.Range(0, 5).Select(_ => SmtpScript.New.Send("421 busy\r\n").ExpectEnd());
        await using var server = ScriptedServer.Start([.. scripts]);
        var outbound = new Outbound();
        var hosts = Enumerable.Range(0, 100).Select(i => new HostPort($"mx{i}.test", server.Port, null)).ToArray();
        foreach (var host in hosts) outbound.Dns.Address(host.Host, "127.0.0.1");
        var opened = await OpenAsync(outbound, hosts);
        (GreetingTests.Tell(opened), opened.Host).ShouldBe(("Refused@Banner 421", "mx4.test"));
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Open_Source_IsBound()
    {
        await using var server = ScriptedServer.Start(SmtpScript.Greet(Outbound.Client).ExpectEnd());
        var outbound = new Outbound();
        var source = new Source("s9", IPAddress.Parse("127.0.0.9"), IPAddress.IPv6Loopback, Outbound.Client);
        var opened = await outbound.Connector.OpenAsync(Outbound.To(server.Port), source, CancellationToken.None).Soon();
        await opened.Connection!.DisposeAsync();
        await server.FinishedAsync();
        server.Sources[0].Address.ShouldBe(IPAddress.Parse("127.0.0.9"));
    }

    [Fact]
    public async Task Open_SourceThatTheNodeLacks_IsTheSourcesTrouble()
    {
        var outbound = new Outbound();
        outbound.Dns.Address("mx.test", "127.0.0.1", "127.0.0.2");
        var source = new Source("away", IPAddress.Parse("192.0.2.77"), null, Outbound.Client);
        GreetingTests.Tell(await outbound.Connector.OpenAsync(Outbound.To(ClosedPort()), source, CancellationToken.None).Soon())
            .ShouldBe("SourceUnusable@Connect");
    }

    [Fact]
    public async Task Open_SourceOfOneFamily_UsesTheHostsAddressesOfThatFamily()
    {
        await using var server = ScriptedServer.Start(SmtpScript.Greet("mail9.test").ExpectEnd());
        var outbound = new Outbound();
        outbound.Dns.Address("mx.test", "::1", "127.0.0.1");
        var connector = outbound.Create([.. Loopback, IPNetwork.Parse("::1/128")]);
        var source = new Source("s9", IPAddress.Parse("127.0.0.9"), null, "mail9.test");
        var opened = await connector.OpenAsync(Outbound.To(server.Port), source, CancellationToken.None).Soon();
        await opened.Connection!.DisposeAsync();
        await server.FinishedAsync();
        server.Sources[0].Address.ShouldBe(IPAddress.Parse("127.0.0.9"));
        var other = source with { Address = null, Address6 = IPAddress.IPv6Loopback };
        outbound.Dns.Address("mx.test", "127.0.0.1");
        GreetingTests.Tell(await connector.OpenAsync(Outbound.To(server.Port), other, CancellationToken.None).Soon())
            .ShouldBe("OutOfReach@Connect", "another source may reach it: not for ever");
        outbound.Dns.SomeAddress("mx.test", "127.0.0.1");
        GreetingTests.Tell(await connector.OpenAsync(Outbound.To(server.Port), other, CancellationToken.None).Soon())
            .ShouldBe("Unreachable@Resolve", "nobody knows whether it has such an address");
    }

    [Fact]
    public async Task Open_NobodyAccepts_TimesOut()
    {
        // A full backlog: the kernel drops what comes.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var target = (IPEndPoint)listener.LocalEndPoint!;
        using var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await filler.ConnectAsync(target);
        var outbound = new Outbound();
        var opening = OpenAsync(outbound, new HostPort("mx.test", target.Port, null));
        await outbound.Clock.AdvanceUntilAsync(opening, TimeSpan.FromSeconds(10));
        GreetingTests.Tell(await opening).ShouldBe("TimedOut@Connect");
    }

    [Fact]
    public async Task Abandon_WhileResolving_IsAbandonedWhateverFailedBefore()
    {
        await using var server = ScriptedServer.Start(SmtpScript.New.Send("421 busy\r\n").ExpectEnd());
        using var abandon = new CancellationTokenSource();
        var outbound = new Outbound { Dns = { Gate = new TaskCompletionSource().Task } };
        var opening = outbound.Connector.OpenAsync(Outbound.To([new HostPort("127.0.0.1", server.Port, IPAddress.Loopback),
            new HostPort("mx.test", 1, null)]), Outbound.Anywhere, abandon.Token);
        await server.FinishedAsync();
        await Patience.Until(() => outbound.Dns.Asked.Count > 0, "the second host is looked up");
        await abandon.CancelAsync();
        (await opening.Soon()).Trouble!.Kind.ShouldBe(TroubleKind.Abandoned);
    }

    [Fact]
    public async Task Abandon_WhileGreeting_IsAbandoned()
    {
        using var abandon = new CancellationTokenSource();
        await using var server =
            ScriptedServer.Start(SmtpScript.New.Send("220 hi\r\n").Expect("EHLO client.test\r\n").Do(() => abandon.CancelAsync())
            .ExpectEnd());
        var opened = await new Outbound().Connector.OpenAsync(Outbound.To(server.Port), Outbound.Anywhere, abandon.Token).Soon();
        GreetingTests.Tell(opened).ShouldBe("Abandoned@Hello");
        await server.FinishedAsync();
    }

    private static async Task<Opened> ResolveAsync(string[] answers, bool configured)
    {
        var outbound = new Outbound();
        var port = ClosedPort();
        for (var i = 0; i < answers.Length; i++)
        {
            var host = $"mx{i}.test";
            if (answers[i] == "?") outbound.Dns.Address(host, DnsStatus.ServerFailure);
            else if (answers[i] == "none") outbound.Dns.Address(host, DnsStatus.NoData);
            else if (answers[i] != "-") outbound.Dns.Address(host, answers[i]);
        }

        HostPort[] hosts = [.. answers.Select((_, i) => new HostPort($"mx{i}.test", port, null))];
        return await outbound.Connector.OpenAsync(Outbound.To(hosts, configured: configured), Outbound.Anywhere, CancellationToken.None).Soon();
    }

    private static Task<Opened> OpenAsync(Outbound outbound, params HostPort[] hosts) =>
        outbound.Connector.OpenAsync(Outbound.To(hosts), Outbound.Anywhere, CancellationToken.None).Soon();

    private static int ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
