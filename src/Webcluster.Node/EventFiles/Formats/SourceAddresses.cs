using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using Webcluster.Delivery.Sources;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles.Formats;

/// <summary>Events name the source that mail left from; the configuration has its addresses.</summary>
internal sealed class SourceAddresses
{
    private readonly FrozenDictionary<string, (string V4, string V6)> _known;

    private SourceAddresses(FrozenDictionary<string, (string, string)> known) => _known = known;

    public static SourceAddresses Of(IEnumerable<SourceOptions> sources) =>
        new(sources.ToFrozenDictionary(source => source.Name, source => (source.Address, source.Address6)));

    /// <summary>Of the family that the other server's address has. Null: there was no connection, or the system chose it.</summary>
    public string? Of(MailEvent one)
    {
        if (one.Source is not { } name || !_known.TryGetValue(name, out var source) || !IPAddress.TryParse(one.Address, out var other))
            return null;
        var address = other.AddressFamily == AddressFamily.InterNetworkV6 ? source.V6 : source.V4;
        return address.Length > 0 ? address : null;
    }
}
