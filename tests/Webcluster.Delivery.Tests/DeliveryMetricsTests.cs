using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Tests.Providers;
using Webcluster.Delivery.Tests.Transfer;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Metrics;
using Xunit;

namespace Webcluster.Delivery.Tests;

/// <summary>What metrics and log lines make of outcomes.</summary>
public sealed class DeliveryMetricsTests : IDisposable
{
    private static readonly Verdict Sent = new Verdict.Delivered(Sample.Reply(250));
    private static readonly Verdict Refused = new Verdict.Failed(Scope.Recipient, new EnhancedCode(5, 1, 1), Sample.Reply(550), "no");
    private static readonly Verdict Expired = new Verdict.Failed(Scope.Message, new EnhancedCode(5, 4, 7), null, "too old");
    private static readonly Verdict PutOff = new Verdict.Deferred(Scope.Message, RetryWhen.AfterAttempt, "451 later");
    private static readonly Verdict Site = new Verdict.Deferred(Scope.Site, RetryWhen.AfterSiteTrouble, "no connection");

    private readonly TestMeters _meters = new();
    private readonly MeterListener _listener = new();
    private readonly TestLog _log = new();
    private readonly DeliveryMetrics _metrics;
    private readonly List<string> _attempts = [];
    private readonly List<double> _waits = [];

    public DeliveryMetricsTests()
    {
        _metrics = new DeliveryMetrics(_meters, Books.Plain);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, _meters)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
        {
            if (instrument.Name == "webcluster.delivery.attempts") _attempts.Add($"{tags[2].Value}");
        });
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
        {
            if (instrument.Name == "webcluster.queue.wait") _waits.Add(value);
        });
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void Outcome_SiteTroubleTwice_NoWaitIsRecorded_UntilAServerAnswers()
    {
        See(10, Site);
        See(300, Site);
        See(400, Expired);
        See(500, OutcomePolicy.Unreadable);
        _waits.ShouldBeEmpty();

        See(600, PutOff);
        See(700, Refused);
        See(800, Sent, Refused);

        _waits.ShouldBe([600, 700, 800]);
    }

    [Fact]
    public void Outcome_GoesOnAtOnce_IsNoAttempt()
    {
        See(1, Refused, OutcomePolicy.WithoutTheSuppressed, OutcomePolicy.InAnotherTransaction, Site);

        _attempts.ShouldBe(["bounced", "deferred"]);
        _log.Entries.Select(entry => entry.Id).ShouldBe([3011, 3012]);
    }

    private void See(int seconds, params Verdict[] verdicts)
    {
        var delivery = Sample.Claimed([.. verdicts.Select((_, i) => Sample.Recipient($"r{i}@to.test"))]);
        var context = new AttemptContext(new LaneKey("site", "site", "default"), null, "mx.test", TimeSpan.Zero);
        _metrics.Outcome(new AttemptOutcome(delivery, verdicts), context, Sample.Start.AddSeconds(seconds));
        new DeliveryLog(new Logger<DeliveryLog>(_log)).Outcome(new AttemptOutcome(delivery, verdicts), context);
    }
}
