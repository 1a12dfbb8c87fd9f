using System.IO.Pipelines;
using System.Text;
using Shouldly;
using Webcluster.Submission.Sessions;
using Webcluster.TestKit.Pipes;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Submission.Tests.Sessions;

public sealed class SmtpConnectionTests
{
    [Fact]
    public async Task Flush_CancelMeantForAnEarlierRead_IsSentAllTheSame()
    {
        var clock = new ManualClock();
        var pipes = new DuplexPipePair();
        await using var connection = new SmtpConnection(pipes.Server, clock, TimeSpan.FromMinutes(1));
        var line = connection.ReadLineAsync(512, TimeSpan.FromMinutes(5)).AsTask();
        await pipes.Client.Output.WriteAsync("NOOP\r\n"u8.ToArray());
        (await line).ShouldBe(ReadStatus.Ready);
        // What the command asked for took longer than its line may, and the read's timer comes into the flush.
        clock.Advance(TimeSpan.FromMinutes(6));
        connection.Write("250 Ok\r\n");
        pipes.Server.Output.CancelPendingFlush();
        (await connection.FlushAsync()).ShouldBeTrue();
        connection.IsStalled.ShouldBeFalse();
        Encoding.ASCII.GetString((await pipes.Client.Input.ReadAsync()).Buffer.FirstSpan).ShouldBe("250 Ok\r\n");
    }

    [Fact]
    public async Task ReadLine_OctetComesWithTheDeadline_TimesOut()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var clock = new ManualClock();
        var reader = new LaterScheduler();
        var pipes = new DuplexPipePair(toServer: new PipeOptions(readerScheduler: reader, useSynchronizationContext: false));
        await using var connection = new SmtpConnection(pipes.Server, clock, TimeSpan.FromMinutes(1));
        var line = connection.ReadLineAsync(512, TimeSpan.FromMinutes(5)).AsTask();
        clock.Advance(TimeSpan.FromMinutes(5));
        // The read is cancelled and has not gone on: it finds the octet.
        await pipes.Client.Output.WriteAsync("N"u8.ToArray());
        reader.Run();
        line.IsCompleted.ShouldBeTrue();
        (await line).ShouldBe(ReadStatus.TimedOut);
    }

    private sealed class LaterScheduler : PipeScheduler
    {
        private readonly Queue<Action> _waiting = new();

        public override void Schedule(Action<object?> action, object? state) => _waiting.Enqueue(() => action(state));

        public void Run()
        {
            while (_waiting.TryDequeue(out var action)) action();
        }
    }
}
