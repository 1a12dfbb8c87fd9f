using System.Net;
using System.Net.Sockets;

namespace Webcluster.Submission.Policy;

/// <summary>Configured networks: "10.0.0.0/8", or one address.</summary>
internal sealed class NetworkList
{
    // Of ::ffff:0:0/96, where IPv4 stands within IPv6.
    private const int MappedPrefix = 96;

    private readonly IPNetwork[] _networks;

    private NetworkList(IPNetwork[] networks) => _networks = networks;

    /// <summary>Adds each text that is no network to <paramref name="errors"/>, and passes it over.</summary>
    public static NetworkList Parse(IReadOnlyList<string> texts, string path, List<string> errors)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in texts)
        {
            if (TryParse(text, out var network)) networks.Add(network);
            else errors.Add($"{path}: '{text}' is no network; write it as 10.0.0.0/8");
        }

        return new NetworkList([.. networks]);
    }

    /// <param name="address">IPv4 in its own form, not mapped into IPv6.</param>
    public bool Contains(IPAddress address)
    {
        foreach (var network in _networks)
            if (network.Contains(address)) return true;
        return false;
    }

    private static bool TryParse(string text, out IPNetwork network)
    {
        if (!IPNetwork.TryParse(text, out network))
        {
            if (text.Contains('/') || !IPAddress.TryParse(text, out var address)) return false;
            network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        }

        if (network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedPrefix)
            network = new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedPrefix);
        return true;
    }
}
