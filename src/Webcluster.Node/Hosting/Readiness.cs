namespace Webcluster.Node.Hosting;

/// <summary>Whether this node should be given work. It turns to draining once, and stays so until the process ends.</summary>
internal sealed class Readiness
{
    private volatile bool _started;
    private volatile bool _draining;

    /// <summary>All listeners are bound.</summary>
    public bool IsStarted => _started;

    public bool IsDraining => _draining;

    public void Started() => _started = true;

    public void Drain() => _draining = true;
}
