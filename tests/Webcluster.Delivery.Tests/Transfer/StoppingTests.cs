using Shouldly;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.Transfer;
using Webcluster.Delivery.Wire;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Transfer;

/// <summary>Drain, Abandon and the last question before the final dot.</summary>
public class StoppingTests
{
    private const string Why = "the node is stopping";
    private const string Ok = "250 ok\r\n";

    public static TheoryData<Stage> BeforeContent => [Stage.Mail, Stage.Rcpt, Stage.Data];

    [Theory]
    [MemberData(nameof(BeforeContent))]
    public async Task Drain_BeforeContent_CutsAtOnce(Stage stage) => (await StopAsync(stage, session => session.Drain(Why)))
        .ShouldBe($"- | Abandoned@{stage}");

    [Theory]
    [MemberData(nameof(BeforeContent))]
    public async Task Abandon_BeforeContent_CutsAtOnce(Stage stage) => (await StopAsync(stage, session => session.Abandon(Why)))
        .ShouldBe($"- | Abandoned@{stage}");

    [Fact]
    public async Task Drain_AfterTheDot_LetsTheReplyCome()
    {
        await using var waiting =
            new Waiting(SmtpClientSessionTests.Opening(SmtpScript.Greet(Outbound.Client)).OnContent(Sample.Body, ""), script =>
            script.Send(Ok));
        var running = await waiting.TransferAsync();
        waiting.Session.Drain(Why);
        waiting.GoOn();
        Attempt.Tell(await running).ShouldBe("250@FinalDot | dot");
    }

    [Fact]
    public async Task Drain_DuringCommit_LetsItFinish()
    {
        var script = SmtpClientSessionTests.Opening(SmtpScript.Greet(Outbound.Client)).OnContent(Sample.Body, Ok).Quit();
        await using var server = ScriptedServer.Start(script);
        await using var session = await new Outbound().SessionAsync(server);
        var result = await session.TransferAsync(Sample.Message("a@to.test"), () =>
        {
            session.Drain(Why);
            return ValueTask.FromResult(true);
        }).Soon();
        Attempt.Tell(result).ShouldBe("250@FinalDot | dot");
        await session.QuitAsync().Soon();
        await session.DisposeAsync();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Abandon_AfterTheDot_CutsAndOwnsUpToIt()
    {
        await using var waiting =
            new Waiting(SmtpClientSessionTests.Opening(SmtpScript.Greet(Outbound.Client)).OnContent(Sample.Body, ""), script =>
            script.ExpectEnd());
        var running = await waiting.TransferAsync();
        waiting.Session.Abandon(Why);
        waiting.GoOn();
        Attempt.Tell(await running).ShouldBe("- | Abandoned@FinalDot | dot");
    }

    [Fact]
    public async Task Drain_Idle_NothingMoreIsSent()
    {
        await using var server = ScriptedServer.Start(SmtpScript.Greet(Outbound.Client).ExpectEnd());
        await using var session = await new Outbound().SessionAsync(server);
        session.Drain(Why);
        Attempt.Tell(await session.TransferAsync(Sample.Message("a@to.test"), Attempt.Yes).Soon()).ShouldBe("- | Abandoned@Mail");
        await session.DisposeAsync();
        await server.FinishedAsync();
    }

    [Fact]
    public async Task Drain_BetweenTransactions_StillSaysGoodbye()
    {
        await using var server = ScriptedServer.Start(SmtpScript.Greet(Outbound.Client).Quit());
        await using var session = await new Outbound().SessionAsync(server);
        session.Drain(Why);
        await session.QuitAsync().Soon();
        await session.DisposeAsync();
        await server.FinishedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_AfterTheEnd_DoesNothing(bool abandon)
    {
        await using var server = ScriptedServer.Start(SmtpScript.Greet(Outbound.Client).ExpectEnd());
        var session = await new Outbound().SessionAsync(server);
        await session.DisposeAsync();
        Should.NotThrow(() => (abandon ? (Action<string>)session.Abandon : session.Drain)(Why));
        await server.FinishedAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50_000)]
    public async Task MayCommit_False_NoDotOnTheWire(int lines)
    {
        var body = string.Concat(Enumerable.Repeat("line\r\n", lines));
        await using var server = ScriptedServer.Start(SmtpClientSessionTests.Opening(SmtpScript.Greet(Outbound.Client)).Silence());
        var session = await new Outbound().SessionAsync(server);
        var result = await session.TransferAsync(Sample.Message("a@to.test") with { Content = Sample.Content(body) }, () =>
            ValueTask.FromResult(false)).Soon();
        Attempt.Tell(result).ShouldBe("- | Abandoned@Content");
        await session.DisposeAsync();
        await server.FinishedAsync();
        server.Transcripts[0].ShouldNotContain("\r\n.\r\n");
    }

    [Fact]
    public async Task MayCommit_IsAskedWhenNothingButTheDotIsMissing()
    {
        var asked = 0;
        var script = SmtpScript.Greet(Outbound.Client).On("MAIL FROM:<s@from.test>\r\n", Ok).On("RCPT TO:<a@to.test>\r\n", "550 no\r\n")
            .Quit();
        await Attempt.RunAsync(script, Sample.Message("a@to.test"), Ask);
        asked.ShouldBe(0);
        await Attempt.RunAsync(SmtpClientSessionTests.Opening(SmtpScript.Greet(Outbound.Client)).OnAnyContent(Ok).Quit(),
            Sample.Message("a@to.test"), Ask);
        asked.ShouldBe(1);

        ValueTask<bool> Ask()
        {
            asked++;
            return ValueTask.FromResult(true);
        }
    }

    [Fact]
    public async Task MayCommit_Throws_NoDotOnTheWire()
    {
        await using var server = ScriptedServer.Start(SmtpClientSessionTests.Opening(SmtpScript.Greet(Outbound.Client)).Silence());
        var session = await new Outbound().SessionAsync(server);
        await Should.ThrowAsync<InvalidOperationException>(session.TransferAsync(Sample.Message("a@to.test"), () =>
            throw new InvalidOperationException()).Soon());
        await session.DisposeAsync();
        await server.FinishedAsync();
        server.Transcripts[0].ShouldNotContain("\r\n.\r\n");
    }

    private static async Task<string> StopAsync(Stage stage, Action<SmtpClientSession> stop)
    {
        var script = SmtpScript.Greet(Outbound.Client).Expect("MAIL FROM:<s@from.test>\r\n");
        if (stage != Stage.Mail) script.Send(Ok).Expect("RCPT TO:<a@to.test>\r\n");
        if (stage == Stage.Data) script.Send(Ok).Expect("DATA\r\n");
        await using var waiting = new Waiting(script, rest => rest.ExpectEnd());
        var running = await waiting.TransferAsync();
        stop(waiting.Session);
        waiting.GoOn();
        return Attempt.Tell(await running);
    }

    /// <summary>A transaction that stands still while its server waits to be let go on.</summary>
    private sealed class Waiting : IAsyncDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ScriptedServer _server;
        private SmtpClientSession? _session;

        public Waiting(SmtpScript until, Func<SmtpScript, SmtpScript> then) =>
            _server = ScriptedServer.Start(then(until.Signal(_reached).WaitFor(_goOn.Task)));

        public SmtpClientSession Session => _session!;

        public async Task<Task<TransferResult>> TransferAsync()
        {
            _session = await new Outbound().SessionAsync(_server);
            var running = _session.TransferAsync(Sample.Message("a@to.test"), Attempt.Yes).Soon();
            await _reached.Task.Soon();
            return CloseAfterAsync(running);
        }

        public void GoOn() => _goOn.SetResult();

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private async Task<TransferResult> CloseAfterAsync(Task<TransferResult> running)
        {
            var result = await running;
            await _session!.DisposeAsync();
            await _server.FinishedAsync();
            return result;
        }
    }
}
