using System.Net.Security;
using Shouldly;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Tests.Harness;
using Xunit;

namespace Webcluster.Submission.Tests.Listeners;

/// <summary>A listener that requires the PROXY protocol, over real sockets. The tests are the load balancer: 127.0.0.1.</summary>
public sealed class ProxyDoorTests : IAsyncLifetime
{
    private const string Mail = "HELO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\nhi\r\n.\r\nQUIT\r\n";
    private const string Line = "PROXY TCP4 192.0.2.1 203.0.113.9 40000 587\r\n";
    private const string Signature = "\r\n\r\n\0\r\nQUIT\n";
    private const string Binary =
        Signature + "\u0021\u0011\u0000\u000f\u00c0\u0000\u0002\u0001\u00cb\u0000\u0071\u0009\u009c\u0040\u0002\u004b\u0004\u0000\u0000";
    private const string Local = Signature + "\u0020\u0000\u0000\u0000";

    private readonly SubmissionHost _host = new();
    private readonly SubmissionListenerOptions _listener = new()
    {
        Address = "127.0.0.1:0", ProxyProtocol = ProxyProtocolMode.Required, ProxyProtocolFrom = ["127.0.0.1"], Trusted = ["192.0.2.0/24"],
    };

    public Task InitializeAsync()
    {
        _host.Options.Listeners.Add(_listener);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(Line)]
    [InlineData(Binary)]
    public async Task Header_ClientOfATrustedNetwork_IsServedUnderItsOwnAddress(string header)
    {
        await _host.StartAsync();
        (await _host.TalkAsync(header + Mail)).ShouldEndWith("221 2.0.0 Bye\r\n");
        FakeQueue.Text(_host.Queue.Single).ShouldStartWith("Received: from c ([192.0.2.1])\r\n\tby mx.example with SMTP id ");
    }

    [Fact]
    public async Task Header_OctetByOctet_NothingIsSaidBeforeItsEnd()
    {
        await _host.StartAsync();
        using var client = await _host.ConnectAsync();
        client.NoDelay = true;
        var stream = client.GetStream();
        foreach (var octet in Line)
        {
            client.Available.ShouldBe(0);
            await SubmissionHost.SendAsync(stream, $"{octet}");
        }

        await SubmissionHost.SendAsync(stream, "QUIT\r\n");
        (await SubmissionHost.ReadToEndAsync(stream)).ShouldBe("220 mx.example ESMTP\r\n221 2.0.0 Bye\r\n");
    }

    [Fact]
    public async Task Header_ImplicitTls_StandsBeforeTheHandshake()
    {
        _listener.Tls = ListenerTls.Implicit;
        await _host.StartAsync();
        using var client = await _host.ConnectAsync();
        await SubmissionHost.SendAsync(client.GetStream(), Binary);
#pragma warning disable CA5359 // The certificate is the test's own.
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync("mx.example");
        await SubmissionHost.SendAsync(tls, Mail.Replace("HELO", "EHLO"));
        (await SubmissionHost.ReadToEndAsync(tls)).ShouldEndWith("221 2.0.0 Bye\r\n");
        FakeQueue.Text(_host.Queue.Single).ShouldStartWith("Received: from c ([192.0.2.1])\r\n\tby mx.example with ESMTPS id ");
    }

    [Theory]
    [InlineData(Local)]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("PROXY UNKNOWN 192.0.2.1 203.0.113.9 40000 587\r\n")]
    public async Task Header_NamesNobody_IsServedAndNotTrusted(string header)
    {
        _listener.Trusted.Add("127.0.0.0/8");
        _listener.AllowPlainAuth = true;
        await _host.StartAsync();
        (await _host.TalkAsync(header + "EHLO c\r\nMAIL FROM:<a@x>\r\nQUIT\r\n")).ShouldSatisfyAllConditions(
            replies => replies.ShouldStartWith("220 mx.example ESMTP\r\n250-"),
            replies => replies.ShouldNotContain("AUTH"),
            replies => replies.ShouldEndWith("530 5.7.0 Must issue a STARTTLS command first\r\n221 2.0.0 Bye\r\n"));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("192.0.2.1", false)]
    public async Task Header_PlainAuth_OnlyWhereTheClientIsOnThisMachine(string client, bool offered)
    {
        _listener.AllowPlainAuth = true;
        await _host.StartAsync();
        var replies = await _host.TalkAsync($"PROXY TCP4 {client} 127.0.0.1 40000 587\r\nEHLO c\r\nQUIT\r\n");
        replies.Contains("AUTH PLAIN", StringComparison.Ordinal).ShouldBe(offered, replies);
    }

    [Fact]
    public async Task Header_ManyClientsOfOneProxy_AreLimitedEachByItself()
    {
        _listener.Trusted.Clear();
        _host.Options.Limits.ConnectionsPerAddress = 1;
        await _host.StartAsync();
        using var first = await _host.ConnectAsync();
        await SubmissionHost.SendAsync(first.GetStream(), Line);
        (await first.GetStream().ReadAsync(new byte[1])).ShouldBe(1);
        (await _host.TalkAsync(Line)).ShouldBe("421 4.7.0 Too many connections from your address\r\n");
        (await _host.TalkAsync(Line.Replace("192.0.2.1", "192.0.2.2") + "QUIT\r\n")).ShouldStartWith("220 ");
    }

    [Theory]
    [InlineData("EHLO c\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1\r\n")]
    [InlineData(Signature + "\u0031")]
    [InlineData(Signature + "\u0020\u0000\u00ff\u00ff")]
    [InlineData("\u0016\u0003\u0001")]
    public async Task Header_Wrong_ClosesWithoutAWord(string octets)
    {
        _host.ExpectedLog = [1023];
        await _host.StartAsync();
        (await _host.TalkAsync(octets)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Header_WrongAgainAndAgain_IsToldOnce()
    {
        _host.ExpectedLog = [1023];
        await _host.StartAsync();
        for (var times = 0; times < 5; times++) await _host.TalkAsync("EHLO c\r\n");
        _host.Log.Entries.Count(entry => entry.Id == 1023).ShouldBe(1);
    }

    [Fact]
    public async Task Header_FromAnUntrustedAddress_ClosesWithoutAWord()
    {
        _host.ExpectedLog = [1023];
        _listener.ProxyProtocolFrom = ["192.0.2.0/24"];
        await _host.StartAsync();
        (await _host.TalkAsync(Line)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("PROXY TCP4")]
    public async Task Header_DoesNotCome_ClosesWithoutAWord(string octets)
    {
        _host.ExpectedLog = [1023];
        _host.Options.Limits.ProxyHeaderTime = TimeSpan.FromMilliseconds(200);
        await _host.StartAsync();
        (await _host.TalkAsync(octets)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Header_TooManyAwaited_ClosesTheNextAtOnce()
    {
        _host.ExpectedLog = [1023];
        _host.Options.Limits.Connections = 1;
        await _host.StartAsync();
        using var one = await _host.ConnectAsync();
        using var other = await _host.ConnectAsync();

        // Which of the two the server comes to first is its own affair.
        Task<string>[] said = [SubmissionHost.ReadToEndAsync(one.GetStream()), SubmissionHost.ReadToEndAsync(other.GetStream())];
        var closed = await Task.WhenAny(said);
        (await closed).ShouldBeEmpty();
        await SubmissionHost.SendAsync((closed == said[0] ? other : one).GetStream(), Line + "QUIT\r\n");
        (await (closed == said[0] ? said[1] : said[0])).ShouldEndWith("221 2.0.0 Bye\r\n");
    }
}
