using System.Net;
using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.Dns;

/// <summary>
/// Asks the DNS. Every outcome is a <see cref="DnsStatus"/>: nothing is thrown but <see cref="OperationCanceledException"/>, and a name
/// that cannot exist is a <see cref="DnsStatus.NameError"/>. Names come back in lower case, in presentation form, without a final dot.
/// Thread-safe.
/// </summary>
/// <remarks>A caller that cancels stops waiting; the lookup goes on for the others that share it, and for the cache.</remarks>
public interface IDnsResolver
{
    /// <summary>
    /// Sorted by preference. The caller looks at <see cref="MxRecord.IsNull"/> and passes over what is no <see
    /// cref="MxRecord.IsHost"/>.
    /// </summary>
    ValueTask<DnsAnswer<MxRecord>> MxAsync(string domain, CancellationToken cancellation);

    /// <summary>
    /// IPv6 before IPv4. Found as soon as one family has addresses; else a name error counts before a failure, and a failure before no
    /// data, so that addresses which merely could not be asked for are never taken as absent.
    /// </summary>
    ValueTask<DnsAnswer<IPAddress>> AddressesAsync(string host, AddressFamilies families, CancellationToken cancellation);

    /// <summary>One entry a record, its strings joined.</summary>
    ValueTask<DnsAnswer<string>> TxtAsync(string name, CancellationToken cancellation);

    /// <summary>The target of the alias at this very name; it is not followed.</summary>
    ValueTask<DnsAnswer<string>> CnameAsync(string name, CancellationToken cancellation);

    /// <summary>The names published for an address: claims of whoever holds the address, not checked forwards.</summary>
    ValueTask<DnsAnswer<string>> PtrAsync(IPAddress address, CancellationToken cancellation);

    /// <param name="name">With port and protocol: "_25._tcp.mx.example.com". Use the records only when <see
    /// cref="DnsAnswer{T}.Authenticated"/>.</param>
    ValueTask<DnsAnswer<TlsaRecord>> TlsaAsync(string name, CancellationToken cancellation);
}

[Flags]
public enum AddressFamilies : byte { V4 = 1, V6 = 2, Both = V4 | V6 }
