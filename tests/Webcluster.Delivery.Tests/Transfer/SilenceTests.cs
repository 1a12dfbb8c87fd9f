using Shouldly;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.Transfer;
using Webcluster.Delivery.Wire;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Transfer;

/// <summary>A server that closes, resets or falls silent, at each stage (RFC 5321 §4.5.3.2).</summary>
public class SilenceTests
{
    private const string Ok = "250 ok\r\n";

    // More than the buffers of two sockets take.
    private static readonly string LargeBody = string.Concat(Enumerable.Repeat("0123456789012345678901234567890123456789\r\n", 800_000));

    public static TheoryData<Stage, string> Stages => new()
    {
        { Stage.Banner, "ConnectionLost@Banner" },
        { Stage.Hello, "ConnectionLost@Hello" },
        { Stage.Mail, "- | ConnectionLost@Mail" },
        { Stage.Rcpt, "- | ConnectionLost@Rcpt" },
        { Stage.Data, "- | ConnectionLost@Data" },
        { Stage.FinalDot, "- | ConnectionLost@FinalDot | dot" },
    };

    public static TheoryData<Stage, int> Seconds => new()
    {
        { Stage.Banner, 5 * 60 }, { Stage.Hello, 5 * 60 }, { Stage.Mail, 5 * 60 }, { Stage.Rcpt, 5 * 60 }, { Stage.Data, 2 * 60 },
        { Stage.Content, 3 * 60 },
        { Stage.FinalDot, 10 * 60 },
    };

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Server_Closes_IsLostAtThatStage(Stage stage, string told) =>
        (await RunAsync(Until(stage).Close(), stage)).ShouldBe(told);

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Server_Resets_IsLostAtThatStage(Stage stage, string told)
    {
        var came = await RunAsync(Until(stage).Reset(), stage);
        // A reset that is fast enough arrives before the end of connecting.
        if (stage == Stage.Banner) came.ShouldBeOneOf(told, "Unreachable@Connect");
        else came.ShouldBe(told);
    }

    [Theory]
    [MemberData(nameof(Seconds))]
    public async Task Server_FallsSilent_TimesOutAtThatStage(Stage stage, int seconds)
    {
        var silent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var script = Until(stage).Signal(silent);
        // Silence reads on, and content would go on with it.
        if (stage == Stage.Content) script.WaitFor(over.Task);
        else script.Silence();
        await using var server = ScriptedServer.Start(script);
        var outbound = new Outbound { Timeouts = { Connect = TimeSpan.FromHours(1) } };
        var running = TellAsync(outbound, server, stage);
        await silent.Task.Soon();
        // As long as RFC 5321 wants, to the tick.
        await Patience.Until(() => outbound.Clock.HasTimerIn(TimeSpan.FromSeconds(seconds)), $"a timer of {seconds} s is set");
        await outbound.Clock.AdvanceUntilAsync(running, TimeSpan.FromSeconds(seconds));
        (await running).ShouldBe(stage switch
        {
            Stage.Banner or Stage.Hello => $"TimedOut@{stage}",
            Stage.FinalDot => "- | TimedOut@FinalDot | dot",
            _ => $"- | TimedOut@{stage}",
        });
        over.SetResult();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Server_ResetsWhileContentIsSent_IsLostBeforeTheDot() =>
        (await RunAsync(Until(Stage.Content).Reset(), Stage.Content)).ShouldBe("- | ConnectionLost@Content");

    [Fact]
    public async Task Server_ClosesItsSideWhileContentIsSent_MayHaveIt() =>
        // It reads on to the dot, so that only the reply is missing.
        (await RunAsync(Until(Stage.Content).Close(), Stage.Content)).ShouldBe("- | ConnectionLost@FinalDot | dot");

    internal static SmtpScript Until(Stage stage)
    {
        if (stage == Stage.Banner) return SmtpScript.New;
        if (stage == Stage.Hello) return SmtpScript.New.Send("220 hi\r\n").Expect("EHLO client.test\r\n");
        var script = SmtpScript.Greet(Outbound.Client).Expect("MAIL FROM:<s@from.test>\r\n");
        if (stage == Stage.Mail) return script;
        script.Send(Ok).Expect("RCPT TO:<a@to.test>\r\n");
        if (stage == Stage.Rcpt) return script;
        script.Send(Ok).Expect("DATA\r\n");
        if (stage == Stage.Data) return script;
        script.Send("354 go\r\n");
        return stage == Stage.Content ? script.Swallow(1000) : script.OnAnyContent("");
    }

    internal static async Task<string> RunAsync(SmtpScript script, Stage stage)
    {
        await using var server = ScriptedServer.Start(script);
        var told = await TellAsync(new Outbound(), server, stage);
        await server.FinishedAsync();
        return told;
    }

    private static async Task<string> TellAsync(Outbound outbound, ScriptedServer server, Stage stage)
    {
        var opened = await outbound.OpenAsync(server);
        if (opened.Trouble is { } trouble) return $"{trouble.Kind}@{trouble.Stage}";
        await using var session = new SmtpClientSession(opened.Connection!, outbound.Timeouts);
        var message = Sample.Message("a@to.test");
        if (stage == Stage.Content) message = message with { Content = Sample.Content(LargeBody) };
        return Attempt.Tell(await session.TransferAsync(message, Attempt.Yes).Soon());
    }
}
