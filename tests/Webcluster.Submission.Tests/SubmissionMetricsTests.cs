using System.Diagnostics.Metrics;
using Shouldly;
using Webcluster.Submission.Tests.Harness;
using Webcluster.TestKit.Metrics;
using Xunit;

namespace Webcluster.Submission.Tests;

public sealed class SubmissionMetricsTests
{
    private const string Envelope = "HELO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n";

    [Theory]
    [InlineData("DATA\r\n.\r\n", "accepted 250")]
    [InlineData("BDAT 70000 LAST\r\n", "refused 552")]
    [InlineData("BDAT 70000\r\n", "refused 552")]
    public async Task Messages_HoweverTheyEnd_AreCounted(string content, string expected)
    {
        using var server = new SubmissionServer();
        server.Options.Limits.MessageSize = new(64 * 1024);
        var counted = new List<string>();
        using var listener = Listen(server.Meters, counted);
        var client = server.Connect();
        await client.SendAsync(Envelope + content + (content[0] == 'B' ? new string('x', 70_000) : ""));
        await client.FinishAsync();
        counted.ShouldBe([expected]);
    }

    [Theory]
    [InlineData("DATA\r\n")]
    [InlineData("BDAT 1\r\nx")]
    public async Task Messages_NoMemoryForThem_AreCounted(string content)
    {
        using var server = new SubmissionServer();
        var counted = new List<string>();
        using var listener = Listen(server.Meters, counted);
        server.Budget.TryReserve(server.Options.Limits.ContentMemory.Octets).ShouldBeTrue();
        var client = server.Connect();
        await client.SendAsync(Envelope + content);
        (await client.FinishAsync()).ShouldEndWith("452 4.3.1 Too much mail in flight; try again\r\n");
        counted.ShouldBe(["refused 452"]);
    }

    private static MeterListener Listen(TestMeters meters, List<string> counted)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name == "webcluster.smtpd.messages.total")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add($"{tags[0].Value} {tags[1].Value}"));
        listener.Start();
        return listener;
    }
}
