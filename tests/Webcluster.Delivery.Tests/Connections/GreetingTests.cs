using Shouldly;
using Webcluster.Delivery.Connections;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Connections;

public class GreetingTests
{
    private const string Ehlo = "EHLO client.test\r\n";
    private const string Helo = "HELO client.test\r\n";

    [Fact]
    public async Task Ehlo_Keywords_AreLearned()
    {
        var opened = await OpenAsync(SmtpScript.Greet(Outbound.Client, "PIPELINING", "SIZE 1000", "8BITMIME", "XODD 1 2").ExpectEnd());
        var server = opened.Connection!.Server;
        (server.Pipelining, server.MaxSize, server.EightBitMime, server.Dsn).ShouldBe((true, 1000, true, false));
        opened.Connection.Peer.ToString().ShouldStartWith("mx.test[127.0.0.1]:");
        opened.Connection.Peer.Tls.ShouldBeNull();
    }

    [Theory]
    [InlineData("500 what?")]
    [InlineData("502 what?")]
    public async Task Ehlo_NotKnown_HeloFollows(string refusal)
    {
        var opened = await OpenAsync(SmtpScript.New.Send("220 hi\r\n").On(Ehlo, $"{refusal}\r\n")
            .On(Helo, "250-mx.test\r\n250 PIPELINING\r\n").ExpectEnd());
        opened.Connection!.Server.Pipelining.ShouldBeFalse("HELO offers nothing");
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "554 no service", "Refused@Banner 554" },
        { "421 too busy", "Refused@Banner 421" },
        { "450 later", "Refused@Banner 450" },
        { "250 odd", "Refused@Banner 250" },
        { "220 hi", "Refused@Hello 550" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refusal_IsTroubleOfTheConnection(string banner, string expected)
    {
        var script = SmtpScript.New.Send($"{banner}\r\n");
        if (banner == "220 hi") script.On(Ehlo, "550 not you\r\n");
        Tell(await OpenAsync(script.ExpectEnd())).ShouldBe(expected);
    }

    [Theory]
    [InlineData("421 bye", "Refused@Hello 421")]
    [InlineData("451 later", "Refused@Hello 451")]
    [InlineData("504 what?", "Refused@Hello 504")]
    public async Task EhloRefused_OtherThanNotKnown_NoHelo(string reply, string expected) =>
        Tell(await OpenAsync(SmtpScript.New.Send("220 hi\r\n").On(Ehlo, $"{reply}\r\n").ExpectEnd())).ShouldBe(expected);

    [Fact]
    public async Task HeloRefused_IsTroubleOfTheConnection() =>
        Tell(await OpenAsync(SmtpScript.New.Send("220 hi\r\n").On(Ehlo, "502 what?\r\n").On(Helo, "550 not you\r\n").ExpectEnd()))
            .ShouldBe("Refused@Hello 550");

    [Theory]
    [InlineData("220-a\r\n220-b\r\n220 c\r\n")]
    [InlineData("220\r\n")]
    public async Task Banner_AnyShape_IsTaken(string banner) =>
        Tell(await OpenAsync(SmtpScript.New.InSegmentsOf(1).Send(banner).On(Ehlo, "250 mx\r\n").ExpectEnd())).ShouldBe("open");

    [Fact]
    public async Task Banner_NoSmtp_IsProtocolError() =>
        Tell(await OpenAsync(SmtpScript.New.Send("HTTP/1.1 400 Bad Request\r\n\r\n").ExpectEnd())).ShouldBe("ProtocolError@Banner");

    [Fact]
    public async Task Banner_EhloAnsweredInAdvance_IsProtocolError() =>
        Tell(await OpenAsync(SmtpScript.New.Send("220 hi\r\n250 mx\r\n").ExpectEnd())).ShouldBe("ProtocolError@Hello");

    /// <summary>"open", or the trouble.</summary>
    internal static string Tell(Opened opened) => opened.Trouble is { } trouble
        ? $"{trouble.Kind}@{trouble.Stage}{(trouble.Reply is { } reply ? $" {reply.Code}" : "")}"
        : "open";

    private static async Task<Opened> OpenAsync(SmtpScript script)
    {
        await using var server = ScriptedServer.Start(script);
        var opened = await new Outbound().OpenAsync(server);
        if (opened.Connection is { } connection) await connection.DisposeAsync();
        await server.FinishedAsync();
        return opened;
    }
}
