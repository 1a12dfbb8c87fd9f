using System.Net;
using System.Net.Sockets;
using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery.Sources;

/// <summary>One egress identity, checked: what a connection leaves from and says it is.</summary>
/// <param name="Name">As configured; "" is the system's choice of address, as in <see cref="SourceOffer.Source"/>.</param>
/// <param name="Ehlo">What it calls itself.</param>
/// <param name="Warmup">Null: it is warm.</param>
internal sealed record Source(
    string Name, IPAddress? Address, IPAddress? Address6, string Ehlo, EgressProxy? Proxy = null, SourceWarmup? Warmup = null)
{
    /// <summary>What it is called where a name must stand.</summary>
    public string Label => Name.Length == 0 ? "system" : Name;

    /// <summary>The addresses it binds itself: behind a proxy they are the proxy's.</summary>
    public IEnumerable<IPAddress> Bound => Proxy is null ? new[] { Address, Address6 }.OfType<IPAddress>() : [];

    /// <summary>Its address of this family; null where it has none: then, if it <see cref="Reaches"/> it, somebody else chooses.</summary>
    public IPAddress? AddressFor(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? Address6 : Address;

    /// <summary>Can it connect to addresses of this family? A source with addresses can only where it has one.</summary>
    public bool Reaches(AddressFamily family) =>
        Name.Length == 0 || AddressFor(family) is not null || (Address is null && Address6 is null);
}

/// <param name="Plan">The plan's name.</param>
/// <param name="Start">The first UTC day; null: the day of first use.</param>
internal sealed record SourceWarmup(string Plan, DateOnly? Start);
