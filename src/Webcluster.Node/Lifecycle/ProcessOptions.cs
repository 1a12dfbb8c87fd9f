using Webcluster.Protocol.Addresses;

namespace Webcluster.Node.Lifecycle;

/// <summary>This process.</summary>
public sealed class ProcessOptions
{
    private static readonly string MachineName = Environment.MachineName.ToLowerInvariant();

    /// <summary>
    /// The name of this host as other mail servers see it: greeting, EHLO, Received, reports; a domain name. Default the machine's name.
    /// </summary>
    public string Name { get; set; } = MachineName;

    /// <summary>
    /// Folder for what the node makes itself, the queue and its mail above all. Default $XDG_STATE_HOME/webcluster, or
    /// ~/.local/state/webcluster: another one for each user that starts a node, so set it where the node runs as a service.
    /// </summary>
    public string StateFolder { get; set; } = "";

    /// <summary>
    /// Between saying "not ready" and refusing connections: the time a load balancer takes to notice. Default 0s; on Kubernetes 5s; at most
    /// half of shutdown_timeout.
    /// </summary>
    public TimeSpan DrainDelay { get; set; }

    /// <summary>After this the process ends, whatever is under way. Default 30s (the grace period of Kubernetes).</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        var whose = Name == MachineName ? ", which is this machine's," : "";
        if (!DomainName.TryNormalize(Name, out _)) yield return ("name", $"'{Name}'{whose} is no domain name such as mta1.example.com");
        if (ShutdownTimeout < TimeSpan.FromSeconds(1) || ShutdownTimeout > TimeSpan.FromHours(1))
            yield return ("shutdown_timeout", "must be 1s to 1h");
        if (DrainDelay < TimeSpan.Zero || DrainDelay > ShutdownTimeout / 2)
            yield return ("drain_delay", "must be at most half of shutdown_timeout");
    }
}
