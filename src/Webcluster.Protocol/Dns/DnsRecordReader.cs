using System.Net;
using System.Text;

namespace Webcluster.Protocol.Dns;

/// <summary>Reads one record (RFC 1035 §4.1.3). Its data must fill exactly the length it states.</summary>
internal static class DnsRecordReader
{
    private const ushort ClassInternet = 1;

    /// <param name="record">Null for a type or class that is not known here.</param>
    /// <param name="extendedCode">The upper bits of the response code, where the record is OPT.</param>
    public static DnsProblem Read(ref DnsReader reader, out DnsRecord? record, out byte extendedCode)
    {
        record = null;
        extendedCode = 0;
        if (!reader.TryReadName(out var name)) return DnsProblem.BadName;
        if (!reader.TryReadUInt16(out var type) || !reader.TryReadUInt16(out var @class)
            || !reader.TryReadUInt32(out var seconds) || !reader.TryReadUInt16(out var length))
            return DnsProblem.Incomplete;

        if ((DnsType)type == DnsType.Opt) extendedCode = (byte)(seconds >> 24);
        if (@class != ClassInternet) return reader.TryReadOctets(length, out _) ? DnsProblem.None : DnsProblem.Incomplete;

        var end = reader.Position + length;
        record = ReadData(ref reader, (DnsType)type, new Frame(name, ToTtl(seconds), length), out var read);
        if (!read) return DnsProblem.BadRecord;
        return reader.Position == end ? DnsProblem.None : DnsProblem.BadRecord;
    }

    private static DnsRecord? ReadData(ref DnsReader reader, DnsType type, Frame frame, out bool read)
    {
        switch (type)
        {
            case DnsType.A when frame.Length == 4:
            case DnsType.Aaaa when frame.Length == 16:
                read = reader.TryReadOctets(frame.Length, out var address);
                return read ? new DnsRecord.Address(frame.Name, frame.Ttl, new IPAddress(address)) : null;
            case DnsType.Mx:
                read = reader.TryReadUInt16(out var preference) & reader.TryReadName(out var exchange);
                return new DnsRecord.Mx(frame.Name, frame.Ttl, new MxRecord(preference, exchange));
            case DnsType.Txt when frame.Length > 0:
                read = reader.TryReadOctets(frame.Length, out var strings) & TryJoin(strings, out var text);
                return new DnsRecord.Text(frame.Name, frame.Ttl, text);
            case DnsType.Cname:
                read = reader.TryReadName(out var target);
                return new DnsRecord.Alias(frame.Name, frame.Ttl, target);
            case DnsType.Ptr:
                read = reader.TryReadName(out var pointed);
                return new DnsRecord.Pointer(frame.Name, frame.Ttl, pointed);
            case DnsType.Ns:
                read = reader.TryReadName(out var server);
                return new DnsRecord.Delegation(frame.Name, frame.Ttl, server);
            case DnsType.Tlsa when frame.Length > 3:
                read = reader.TryReadOctets(frame.Length, out var tlsa);
                if (!read) return null;
                return new DnsRecord.Tlsa(frame.Name, frame.Ttl, new TlsaRecord(tlsa[0], tlsa[1], tlsa[2], tlsa[3..].ToArray()));
            case DnsType.Soa:
                read = TryReadMinimum(ref reader, out var minimum);
                return new DnsRecord.Authority(frame.Name, frame.Ttl, ToTtl(minimum));
            case DnsType.A or DnsType.Aaaa or DnsType.Txt or DnsType.Tlsa:
                read = false;
                return null;
            default:
                read = reader.TryReadOctets(frame.Length, out _);
                return null;
        }
    }

    // rfc1035#3.3.14: strings of a length octet and that many octets.
    private static bool TryJoin(ReadOnlySpan<byte> strings, out string text)
    {
        var joined = new byte[strings.Length];
        var written = 0;
        text = "";
        while (!strings.IsEmpty)
        {
            int length = strings[0];
            if (length >= strings.Length) return false;
            strings.Slice(1, length).CopyTo(joined.AsSpan(written));
            written += length;
            strings = strings[(1 + length)..];
        }
        text = Encoding.UTF8.GetString(joined, 0, written);
        return true;
    }

    // rfc1035#3.3.13: two names, serial, refresh, retry, expire, minimum.
    private static bool TryReadMinimum(ref DnsReader reader, out uint minimum)
    {
        minimum = 0;
        return reader.TryReadName(out _) && reader.TryReadName(out _)
            && reader.TryReadOctets(16, out _) && reader.TryReadUInt32(out minimum);
    }

    // rfc2181#8: a value with the top bit set is taken as zero.
    private static TimeSpan ToTtl(uint seconds) => seconds > int.MaxValue ? TimeSpan.Zero : TimeSpan.FromSeconds(seconds);

    private readonly record struct Frame(string Name, TimeSpan Ttl, int Length);
}
