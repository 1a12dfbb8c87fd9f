using System.Globalization;
using System.Net;

namespace Webcluster.Chaos.Cluster;

/// <summary>
/// A network namespace with two links to this machine: one to the store, which can be cut, and one to everything else. Needs root and `ip`.
/// </summary>
internal sealed class NetworkIsolation : IAsyncDisposable
{
    /// <summary>Both links, from the block for benchmarks between networks (RFC 2544), which nobody routes.</summary>
    public const string Network = "198.18.77.0/24";

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"wcc{Environment.ProcessId}");

    private NetworkIsolation()
    {
    }

    public static IPAddress HostAddress { get; } = IPAddress.Parse("198.18.77.1");

    public static IPAddress StoreAddress { get; } = IPAddress.Parse("198.18.77.5");

    public IPAddress NodeAddress { get; } = IPAddress.Parse("198.18.77.2");

    /// <summary>In front of a command that is to run in it.</summary>
    public IReadOnlyList<string> Prefix => ["ip", "netns", "exec", _name];

    /// <summary>Null, with the reason, where it cannot be had.</summary>
    public static async Task<(NetworkIsolation? Isolation, string? WhyNot)> CreateAsync()
    {
        if (Environment.UserName != "root") return (null, "a network namespace needs root");
        if (Tool.Find("ip") is null) return (null, "ip (iproute2) is not installed");
        var isolation = new NetworkIsolation();
        foreach (var command in isolation.Commands())
        {
            var ran = await Tool.RunAsync("ip", command.Split(' '));
            if (ran.ExitCode == 0) continue;
            await isolation.DisposeAsync();
            return (null, $"ip {command}: {ran.Errors.TrimEnd()}");
        }

        return (isolation, null);
    }

    /// <summary>Nothing passes between the node and the store; nobody is told.</summary>
    public Task CutAsync() => RunAsync($"link set {_name}s down");

    public Task MendAsync() => RunAsync($"link set {_name}s up");

    public async ValueTask DisposeAsync()
    {
        await Tool.RunAsync("ip", ["link", "del", $"{_name}f"]);
        await Tool.RunAsync("ip", ["link", "del", $"{_name}s"]);
        await Tool.RunAsync("ip", ["netns", "del", _name]);
    }

    // The host's ends are called "f" (front) and "s" (store).
    private IEnumerable<string> Commands() =>
    [
        $"netns add {_name}",
        $"link add {_name}f type veth peer name front netns {_name}",
        $"link add {_name}s type veth peer name store netns {_name}",
        $"addr add {HostAddress}/30 dev {_name}f",
        $"addr add {StoreAddress}/30 dev {_name}s",
        $"link set {_name}f up",
        $"link set {_name}s up",
        $"-n {_name} addr add {NodeAddress}/30 dev front",
        $"-n {_name} addr add 198.18.77.6/30 dev store",
        $"-n {_name} link set lo up",
        $"-n {_name} link set front up",
        $"-n {_name} link set store up",
    ];

    private static async Task RunAsync(string command)
    {
        var ran = await Tool.RunAsync("ip", command.Split(' '));
        if (ran.ExitCode != 0) throw new InvalidOperationException($"ip {command}: {ran}");
    }
}
