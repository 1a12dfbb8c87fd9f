using System.Buffers.Binary;

namespace Webcluster.Protocol.Dns;

/// <summary>What a query says besides its question. Recursion is always desired.</summary>
[Flags]
public enum DnsQueryFlags : byte
{
    None = 0,

    /// <summary>An OPT record: answers of up to <see cref="DnsQuery.UdpPayload"/> octets are taken over UDP (RFC 6891).</summary>
    Edns = 1,

    /// <summary>The AD bit: the server shall say whether it validated the answer (RFC 6840 §5.7).</summary>
    AuthenticData = 2,

    /// <summary>The DO bit: signatures are wanted. Without <see cref="Edns"/> it has no place to stand and is left out.</summary>
    DnssecOk = 4,
}

/// <summary>Writes queries (RFC 1035 §4.1).</summary>
public static class DnsQuery
{
    /// <summary>Fits every path without fragments, as the DNS flag day of 2020 agreed.</summary>
    public const int UdpPayload = 1232;

    /// <summary>Header, longest question, OPT record.</summary>
    public const int MaxOctets = HeaderOctets + DnsName.MaxOctets + 4 + OptOctets;

    private const int HeaderOctets = 12;
    private const int OptOctets = 11;
    private const ushort RecursionDesired = 0x0100;
    private const ushort AuthenticDataBit = 0x0020;
    private const ushort DnssecOkBit = 0x8000;
    private const ushort ClassInternet = 1;

    /// <param name="output">At least <see cref="MaxOctets"/>.</param>
    /// <returns>False where the name is none.</returns>
    public static bool TryWrite(DnsQuestion question, ushort id, DnsQueryFlags flags, Span<byte> output, out int length)
    {
        length = 0;
        if (output.Length < MaxOctets) return false;
        if (!DnsName.TryWrite(question.Name, output.Slice(HeaderOctets, DnsName.MaxOctets), out var nameLength)) return false;
        var edns = flags.HasFlag(DnsQueryFlags.Edns);
        BinaryPrimitives.WriteUInt16BigEndian(output, id);
        var authenticData = flags.HasFlag(DnsQueryFlags.AuthenticData) ? AuthenticDataBit : (ushort)0;
        BinaryPrimitives.WriteUInt16BigEndian(output[2..], (ushort)(RecursionDesired | authenticData));
        BinaryPrimitives.WriteUInt16BigEndian(output[4..], 1);
        BinaryPrimitives.WriteUInt32BigEndian(output[6..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(output[10..], edns ? (ushort)1 : (ushort)0);
        length = HeaderOctets + nameLength;
        BinaryPrimitives.WriteUInt16BigEndian(output[length..], (ushort)question.Type);
        BinaryPrimitives.WriteUInt16BigEndian(output[(length + 2)..], ClassInternet);
        length += 4;
        if (!edns) return true;
        // rfc6891#6.1.2: root, OPT, payload size in the place of the class, extended flags in the place of the TTL, no options.
        var opt = output.Slice(length, OptOctets);
        opt.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(opt[1..], (ushort)DnsType.Opt);
        BinaryPrimitives.WriteUInt16BigEndian(opt[3..], UdpPayload);
        if (flags.HasFlag(DnsQueryFlags.DnssecOk)) BinaryPrimitives.WriteUInt16BigEndian(opt[7..], DnssecOkBit);
        length += OptOctets;
        return true;
    }
}
