using System.Diagnostics.Metrics;

namespace Webcluster.TestKit.Metrics;

/// <summary>Meters of its own for each test, so that tests in parallel do not count each other's: their scope is this.</summary>
public sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
