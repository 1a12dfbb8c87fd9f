using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Submission.Listeners;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Tests.Harness;
using Xunit;

namespace Webcluster.Submission.Tests.Listeners;

public sealed class SubmissionGateTests
{
    [Fact]
    public async Task Drain_IdleSession_EndsAtOnce()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.ExpectAsync("220");
        client.Session.Drain();
        (await client.ReadToEndAsync()).ShouldBe("421 4.3.2 Shutting down; try again\r\n");
        (await client.Ended).ShouldBe(SessionEnd.Drained);
    }

    [Fact]
    public async Task Drain_BeforeTheGreeting_IsTheGreeting()
    {
        using var server = new SubmissionServer();
        using var gate = new SubmissionGate(server.Log.CreateLogger<SubmissionGate>());
        await gate.StopAsync(default);
        gate.IsOpen.ShouldBeFalse();
        var client = server.Connect(enter: gate.Enter);
        (await client.ReadToEndAsync()).ShouldBe("421 4.3.2 Shutting down; try again\r\n");
        gate.Open();
        gate.IsOpen.ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "RCPT TO:<b@y>\r\nDATA\r\nhi\r\n.\r\n")]
    [InlineData("RCPT TO:<b@y>\r\nDATA\r\nh", "i\r\n.\r\n")]
    [InlineData("RCPT TO:<b@y>\r\nBDAT 10 LAST\r\nh", "i 34567\r\n")]
    public async Task Drain_OpenTransaction_ComesToItsEnd(string before, string after)
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync("HELO c\r\nMAIL FROM:<a@x>\r\n" + before);
        client.Session.Drain();
        client.HasEnded.ShouldBeFalse();
        await client.SendAsync(after);
        (await client.ReadToEndAsync()).ShouldEndWith("250 2.0.0 Ok: queued as ID\r\n421 4.3.2 Shutting down; try again\r\n");
        server.Queue.Stored.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Drain_OpenTransactionWithoutCommands_TimesOutSoon()
    {
        using var server = new SubmissionServer();
        var client = server.Connect();
        await client.SendAsync("HELO c\r\nMAIL FROM:<a@x>\r\n");
        client.Session.Drain();
        server.Clock.Advance(TimeSpan.FromSeconds(4));
        client.HasEnded.ShouldBeFalse();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await client.ReadToEndAsync()).ShouldEndWith("421 4.3.2 Shutting down; try again\r\n");
    }

    [Fact]
    public async Task Stop_OpenSessions_WaitsForThem()
    {
        using var server = new SubmissionServer();
        using var gate = new SubmissionGate(server.Log.CreateLogger<SubmissionGate>());
        var idle = server.Connect(enter: gate.Enter);
        var busy = server.Connect(enter: gate.Enter);
        await busy.SendAsync("HELO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n");
        gate.Sessions.ShouldBe(2);
        var stopped = gate.StopAsync(default);
        gate.Leave(idle.Session);
        stopped.IsCompleted.ShouldBeFalse();
        await busy.SendAsync(".\r\n");
        await busy.Ended;
        gate.Leave(busy.Session);
        await stopped;
        gate.Aborted.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Stop_Cancelled_CutsOff()
    {
        using var server = new SubmissionServer { ExpectedLog = [1031] };
        using var gate = new SubmissionGate(server.Log.CreateLogger<SubmissionGate>());
        var busy = server.Connect(enter: gate.Enter);
        await busy.SendAsync("HELO c\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n");
        using var patience = new CancellationTokenSource();
        var stopped = gate.StopAsync(patience.Token);
        await patience.CancelAsync();
        await stopped;
        gate.Aborted.IsCancellationRequested.ShouldBeTrue();
        await busy.FinishAsync();
    }
}
