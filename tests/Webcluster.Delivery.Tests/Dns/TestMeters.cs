using System.Diagnostics.Metrics;

namespace Webcluster.Delivery.Tests.Dns;

/// <summary>A meter of its own for each test, so that tests in parallel do not count each other's.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options.Name, options.Version, options.Tags, scope: this);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(m => m.Dispose());
}
