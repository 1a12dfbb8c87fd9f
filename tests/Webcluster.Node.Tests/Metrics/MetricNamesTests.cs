using Shouldly;
using Webcluster.Node.Metrics;
using Xunit;

namespace Webcluster.Node.Tests.Metrics;

public class MetricNamesTests
{
    [Theory]
    [InlineData("webcluster.queue.commit.duration", "s", "Histogram", "webcluster_queue_commit_duration_seconds")]
    [InlineData("webcluster.queue.commit.seconds", "s", "Histogram", "webcluster_queue_commit_seconds")]
    [InlineData("webcluster.content", "By", "Gauge", "webcluster_content_bytes")]
    [InlineData("webcluster.content", "By", "Counter", "webcluster_content_bytes_total")]
    [InlineData("webcluster.delivery.attempts", null, "Counter", "webcluster_delivery_attempts_total")]
    [InlineData("webcluster.delivery.attempts.total", null, "Counter", "webcluster_delivery_attempts_total")]
    [InlineData("webcluster.queue.messages", "{message}", "Gauge", "webcluster_queue_messages")]
    [InlineData("webcluster.cache.hit", "1", "Gauge", "webcluster_cache_hit_ratio")]
    [InlineData("webcluster.cache.hit", "1", "Counter", "webcluster_cache_hit_total")]
    [InlineData("webcluster.latency", "ms", "Histogram", "webcluster_latency_milliseconds")]
    [InlineData("webcluster.speed", "km/h", "Gauge", "webcluster_speed_km_h")]
    [InlineData("9lives-é", "", "Gauge", "_9lives__")]
    public void Of_InstrumentUnitAndKind_IsThePrometheusName(string instrument, string? unit, string kind, string expected) =>
        MetricNames.Of(instrument, unit, Enum.Parse<MetricKind>(kind)).ShouldBe(expected);

    [Theory]
    [InlineData("result", "result")]
    [InlineData("http.status-code", "http_status_code")]
    [InlineData("1st", "_st")]
    [InlineData("a1", "a1")]
    public void Label_Tag_IsALabelName(string tag, string expected) => MetricNames.Label(tag).ShouldBe(expected);
}
