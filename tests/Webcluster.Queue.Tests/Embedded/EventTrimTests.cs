using System.Diagnostics.Metrics;
using Shouldly;
using Webcluster.Queue.Events;
using Webcluster.TestKit.Metrics;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Queue.Tests.Embedded;

/// <summary>Events go in steps, so that mail never waits for all of them.</summary>
public sealed class EventTrimTests
{
    private const int Kept = 40;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1000, 1)]
    [InlineData(1001, 2)]
    [InlineData(3000, 3)]
    [InlineData(20_000, 20)]
    public async Task Trim_TooMany_CommitsAStepOfAThousandAtATime(int tooMany, int steps)
    {
        using var meters = new TestMeters();
        using var metrics = new QueueMetrics(meters);
        using var store = new EmbeddedStore();
        var time = new ManualClock();
        var commits = 0;
        using var listener = Listen(meters, () => commits++);
        await using (var queue = store.Open(metrics, time, options => options with { Events = new EventOptions { Most = Kept } }))
        {
            var happened = new MailEvent { Kind = MailEventKind.LimitChanged, At = time.Now };
            await queue.AppendAsync([.. Enumerable.Repeat(happened, tooMany + Kept)], CancellationToken.None);
            commits = 0;

            time.Advance(TimeSpan.FromSeconds(1));

            for (var tries = 0; (await queue.ReadAsync(null, Kept + 1, CancellationToken.None)).Events.Count > Kept; tries++)
            {
                tries.ShouldBeLessThan(3000);
                await Task.Delay(5);
            }
        }
        commits.ShouldBe(steps);
    }

    /// <summary>It is the writer's thread that tells, before it tells the caller; it has ended once the queue is disposed.</summary>
    private static MeterListener Listen(TestMeters meters, Action committed)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name == "webcluster.queue.commit.duration")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => committed());
        listener.Start();
        return listener;
    }
}
