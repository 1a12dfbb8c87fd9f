using Shouldly;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.Tests.Outcomes;
using Webcluster.Delivery.Tests.Pump;
using Webcluster.Delivery.Transfer;
using Webcluster.TestKit.Peers;

namespace Webcluster.Delivery.Tests.Transfer.AbuseCases;

/// <summary>Replies that are valid, and not what one would wish for.</summary>
internal static class OddReplies
{
    private const string Mail = "MAIL FROM:<s@from.test>\r\n";
    private const string A = "RCPT TO:<a@to.test>\r\n";
    private const string B = "RCPT TO:<b@to.test>\r\n";

    public static async Task ClosesWith421()
    {
        await using var server = ScriptedServer.Start(SmtpScript.New.Send("421 4.3.2 busy\r\n").ExpectEnd());
        GreetingTests.Tell(await new Outbound().OpenAsync(server)).ShouldBe("Refused@Banner 421");

        (await JudgeAsync(Server.Greet().On(Mail, Server.Ok).On(A, "550 5.1.1 who?\r\n").On(B, "421 bye\r\n").ExpectEnd()))
            .ShouldBe("failed Recipient 5.1.1, deferred Site AfterSiteTrouble");
        (await JudgeAsync(SmtpScript.Greet(Outbound.Client, "PIPELINING").Expect(Mail + A + B + "DATA\r\n")
            .Send("250 ok\r\n550 5.1.1 who?\r\n421 bye\r\n").ExpectEnd()))
            .ShouldBe("failed Recipient 5.1.1, deferred Site AfterSiteTrouble");
        (await JudgeAsync(Opening().OnAnyContent("421 bye\r\n").ExpectEnd()))
            .ShouldBe("deferred Site AfterSiteTrouble, deferred Site AfterSiteTrouble");
    }

    public static async Task DecidesPerRecipient()
    {
        (await JudgeAsync(Server.Greet().On(Mail, Server.Ok).On(A, Server.Ok).On(B, "552 too many recipients\r\n")
            .On("DATA\r\n", "354 go\r\n").OnAnyContent(Server.Ok).Quit()))
            .ShouldBe("delivered, deferred Recipient AtOnce");
        (await JudgeAsync(Server.Greet().On(Mail, Server.Ok).On(A, "450 later\r\n").On(B, "550 no\r\n").Quit()))
            .ShouldBe("deferred Recipient AfterAttempt, failed Recipient 5.0.0");
    }

    public static async Task ContradictsItself()
    {
        (await JudgeAsync(Server.Greet().On(Mail, Server.Ok).On(A, "451 5.7.1 x\r\n").On(B, "550 4.7.1 x\r\n").Quit()))
            .ShouldBe("deferred Recipient AfterAttempt, failed Recipient 5.0.0");
        (await JudgeAsync(Server.Greet().On(Mail, Server.Ok).On(A, "499 x\r\n").On(B, "599 see 5.1.1\r\n").Quit()))
            .ShouldBe("deferred Recipient AfterAttempt, failed Recipient 5.0.0");
        (await JudgeAsync(Opening().OnAnyContent("252 x\r\n").Quit())).ShouldBe("delivered, delivered");
        (await JudgeAsync(Opening().OnAnyContent("354 x\r\n").ExpectEnd()))
            .ShouldBe("deferred Message AfterAttempt maybe sent, deferred Message AfterAttempt maybe sent");
    }

    public static async Task OffersLittle()
    {
        var message = Sample.Message("a@to.test") with { Envelope = Sample.Envelope with { EightBit = true } };
        (await UnsendableAsync("SIZE 10", message)).ShouldBe(Unsendable.TooLarge);
        (await UnsendableAsync("PIPELINING", message)).ShouldBe(Unsendable.NeedsEightBitMime);
        (await UnsendableAsync("8BITMIME", message with { Envelope = message.Envelope with { SmtpUtf8 = true } }))
            .ShouldBe(Unsendable.NeedsSmtpUtf8);
        (await UnsendableAsync("8BITMIME", message)).ShouldBeNull();
        OutcomePolicyTests.Tell([OutcomePolicy.Judge(Unsendable.TooLarge)]).ShouldBe("failed Message 5.3.4");

        await using var server =
            ScriptedServer.Start(SmtpScript.New.Send("220 old\r\n").On("EHLO client.test\r\n", "502 what?\r\n")
            .On("HELO client.test\r\n", "250 old\r\n")
            .Message("a@to.test").Quit());
        await using var session = await new Outbound().SessionAsync(server);
        Attempt.Tell(await session.TransferAsync(Sample.Message("a@to.test"), Attempt.Yes).Soon()).ShouldBe("250@FinalDot | dot");
        await session.QuitAsync().Soon();
    }

    private static SmtpScript Opening() => Server.Greet().On(Mail, Server.Ok).On(A, Server.Ok).On(B, Server.Ok)
        .On("DATA\r\n", "354 go\r\n");

    private static async Task<string> JudgeAsync(SmtpScript script) =>
        OutcomePolicyTests.Tell(OutcomePolicy.Judge(await Attempt.RunAsync(script, Sample.Message("a@to.test", "b@to.test")),
            progress: false, []));

    private static async Task<Unsendable?> UnsendableAsync(string keyword, OutgoingMessage message)
    {
        await using var server = ScriptedServer.Start(SmtpScript.Greet(Outbound.Client, keyword).ExpectEnd());
        await using var session = await new Outbound().SessionAsync(server);
        return message.CheckAgainst(session.Server, sendEightBitAnyway: false);
    }
}
