using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Webcluster.Protocol.Dns;

namespace Webcluster.TestKit.Dns;

/// <summary>
/// One record of a zone. <paramref name="Value"/> as in a zone file: "10 mx.example.com", "192.0.2.1", "3 1 1 00ff", text.
/// </summary>
public sealed record ZoneRecord(string Name, DnsType Type, string Value, uint Ttl);

/// <summary>Messages to and from octets, written apart from the code under test.</summary>
internal static class ZoneWire
{
    public static ZoneQuery? ReadQuery(ReadOnlySpan<byte> message, bool overTcp, int sourcePort)
    {
        if (message.Length < 17) return null;
        var name = new StringBuilder();
        var at = 12;
        while (message[at] != 0)
        {
            name.Append(Encoding.ASCII.GetString(message.Slice(at + 1, message[at]))).Append('.');
            at += message[at] + 1;
        }
        var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[(at + 1)..]);
        var flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        var additional = BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        return new ZoneQuery(
            BinaryPrimitives.ReadUInt16BigEndian(message), name.ToString().TrimEnd('.'), type, overTcp, additional == 1,
                (flags & 0x20) != 0, sourcePort);
    }

    public static byte[] Write(ZoneReply reply)
    {
        var output = new List<byte>();
        UInt16(output, reply.Id);
        UInt16(output, 0x8180 | (reply.Truncated ? 0x0200 : 0) | (reply.AuthenticData ? 0x20 : 0) | (int)reply.Code);
        UInt16(output, reply.HasQuestion ? 1 : 0);
        UInt16(output, reply.Answers.Count);
        UInt16(output, reply.Authorities.Count);
        UInt16(output, 0);
        if (reply.HasQuestion)
        {
            Name(output, reply.Question.Name);
            UInt16(output, (int)reply.Question.Type);
            UInt16(output, 1);
        }
        foreach (var record in reply.Answers.Concat(reply.Authorities)) Record(output, record);
        return [.. output];
    }

    private static void Record(List<byte> output, ZoneRecord record)
    {
        Name(output, record.Name);
        UInt16(output, (int)record.Type);
        UInt16(output, 1);
        UInt32(output, record.Ttl);
        var data = Data(record);
        UInt16(output, data.Count);
        output.AddRange(data);
    }

    private static List<byte> Data(ZoneRecord record)
    {
        var data = new List<byte>();
        var words = record.Value.Split(' ');
        switch (record.Type)
        {
            case DnsType.A or DnsType.Aaaa:
                data.AddRange(IPAddress.Parse(record.Value).GetAddressBytes());
                break;
            case DnsType.Mx:
                UInt16(data, int.Parse(words[0], CultureInfo.InvariantCulture));
                Name(data, words[1]);
                break;
            case DnsType.Txt:
                foreach (var part in Encoding.UTF8.GetBytes(record.Value).Chunk(255)) data.AddRange([(byte)part.Length, .. part]);
                break;
            case DnsType.Cname or DnsType.Ptr or DnsType.Ns:
                Name(data, record.Value);
                break;
            case DnsType.Tlsa:
                data.AddRange(words.Take(3).Select(w => byte.Parse(w, CultureInfo.InvariantCulture)));
                data.AddRange(Convert.FromHexString(words[3]));
                break;
            case DnsType.Soa:
                Name(data, "ns." + record.Name);
                Name(data, "hostmaster." + record.Name);
                foreach (var number in new uint[] { 1, 3600, 600, 86400, uint.Parse(record.Value,
                    CultureInfo.InvariantCulture) }) UInt32(data, number);
                break;
            case DnsType.Opt:
                throw new ArgumentException("OPT is no record of a zone", nameof(record));
        }
        return data;
    }

    private static void Name(List<byte> output, string name)
    {
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries)) output.AddRange([(byte)label.Length,
            .. Encoding.ASCII.GetBytes(label)]);
        output.Add(0);
    }

    private static void UInt16(List<byte> output, int value) => output.AddRange([(byte)(value >> 8), (byte)value]);

    private static void UInt32(List<byte> output, uint value)
    {
        UInt16(output, (int)(value >> 16));
        UInt16(output, (int)(value & 0xFFFF));
    }
}

/// <summary>A response to write.</summary>
internal sealed record ZoneReply(ushort Id, DnsQuestion Question, DnsResponseCode Code, IReadOnlyList<ZoneRecord> Answers,
    IReadOnlyList<ZoneRecord> Authorities)
{
    public bool Truncated { get; init; }
    public bool AuthenticData { get; init; }
    public bool HasQuestion { get; init; } = true;
}
