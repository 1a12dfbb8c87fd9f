using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.ProxyProtocol;

/// <summary>
/// Parses the PROXY protocol (HAProxy's proxy-protocol.txt), version 1 and version 2, three-valued: an incomplete header consumes nothing.
/// What can become no header any more is refused at its first wrong octet, or at the end of its line. TLVs are skipped unread.
/// </summary>
public static class ProxyHeaderParser
{
    /// <summary>The longest header of version 2 that is taken, TLVs included: what HAProxy itself takes (tune.bufsize).</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>The longest line of version 1, CRLF included (section 2.1).</summary>
    public const int MaxLine = 107;

    private const int FixedLength = 16;
    private const int InetLength = 12;
    private const int Inet6Length = 36;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> LinePrefix => "PROXY "u8;

    /// <summary>Reads a header from the start of <paramref name="buffer"/>.</summary>
    /// <param name="consumed">Octets of the header; 0 unless Complete.</param>
    public static ParseStatus TryParse(
        in ReadOnlySequence<byte> buffer, out ProxyHeader? header, out int consumed, out ProxyProblem problem)
    {
        // All that is ever looked at stands within the longest line.
        Span<byte> copy = stackalloc byte[MaxLine];
        var length = (int)Math.Min(buffer.Length, MaxLine);
        buffer.Slice(0, length).CopyTo(copy);
        ReadOnlySpan<byte> head = copy[..length];
        header = null;
        consumed = 0;
        problem = ProxyProblem.None;
        if (head.IsEmpty) return ParseStatus.Incomplete;
        var status = head[0] == LinePrefix[0]
            ? ParseLine(head, out header, out var total, out problem)
            : ParseBinary(head, buffer.Length, out header, out total, out problem);
        if (status == ParseStatus.Complete) consumed = total;
        return status;
    }

    private static ParseStatus ParseLine(ReadOnlySpan<byte> head, out ProxyHeader? header, out int total, out ProxyProblem problem)
    {
        header = null;
        total = 0;
        problem = ProxyProblem.NoSignature;
        if (!BeginsAs(head, LinePrefix)) return ParseStatus.Rejected;
        var end = head.IndexOf((byte)'\n');
        if (end < 0)
        {
            problem = head.Length == MaxLine ? ProxyProblem.LineTooLong : ProxyProblem.None;
            return problem == ProxyProblem.None ? ParseStatus.Incomplete : ParseStatus.Rejected;
        }

        problem = ProxyProblem.LineMalformed;
        if (head[end - 1] != '\r') return ParseStatus.Rejected;
        header = ParseFields(head[LinePrefix.Length..(end - 1)]);
        if (header is null) return ParseStatus.Rejected;
        problem = ProxyProblem.None;
        total = end + 1;
        return ParseStatus.Complete;
    }

    private static ProxyHeader? ParseFields(ReadOnlySpan<byte> rest)
    {
        var kind = Next(ref rest, (byte)' ');
        // What stands behind it is to be ignored.
        if (kind.SequenceEqual("UNKNOWN"u8)) return new ProxyHeader.Unnamed();
        if (!kind.SequenceEqual("TCP4"u8) && !kind.SequenceEqual("TCP6"u8)) return null;
        var isIPv6 = kind[^1] == '6';
        return AddressText.TryParse(Next(ref rest, (byte)' '), isIPv6, out var source)
            && AddressText.TryParse(Next(ref rest, (byte)' '), isIPv6, out var destination)
            && AddressText.TryNumber(Next(ref rest, (byte)' '), ushort.MaxValue, out var sourcePort)
            && AddressText.TryNumber(rest, ushort.MaxValue, out var destinationPort)
                ? Relayed(source, sourcePort, destination, destinationPort)
                : null;
    }

    private static ParseStatus ParseBinary(
        ReadOnlySpan<byte> head, long available, out ProxyHeader? header, out int total, out ProxyProblem problem)
    {
        header = null;
        total = 0;
        problem = ProblemOf(head);
        if (problem != ProxyProblem.None) return ParseStatus.Rejected;
        if (head.Length < FixedLength) return ParseStatus.Incomplete;
        total = FixedLength + BinaryPrimitives.ReadUInt16BigEndian(head[14..]);
        var addresses = AddressLength(head);
        if (total > MaxLength) problem = ProxyProblem.TooLong;
        else if (total < FixedLength + addresses) problem = ProxyProblem.TooShort;
        if (problem != ProxyProblem.None) return ParseStatus.Rejected;
        if (available < total) return ParseStatus.Incomplete;
        header = addresses == 0 ? new ProxyHeader.Unnamed() : ParseAddresses(head.Slice(FixedLength, addresses));
        return ParseStatus.Complete;
    }

    private static ProxyProblem ProblemOf(ReadOnlySpan<byte> head)
    {
        if (!BeginsAs(head, Signature)) return ProxyProblem.NoSignature;
        if (head.Length > 12 && head[12] >> 4 != 2) return ProxyProblem.UnknownVersion;
        if (head.Length > 12 && (head[12] & 0xF) > 1) return ProxyProblem.UnknownCommand;
        // The family of LOCAL is to be ignored.
        return head.Length > 13 && IsProxy(head) && (head[13] >> 4 > 3 || (head[13] & 0xF) > 2)
            ? ProxyProblem.UnknownFamily
            : ProxyProblem.None;
    }

    /// <summary>Octets of the addresses that are wanted; none where the connection's own count.</summary>
    private static int AddressLength(ReadOnlySpan<byte> head) => (IsProxy(head), head[13]) switch
    {
        (true, 0x11 or 0x12) => InetLength,
        (true, 0x21 or 0x22) => Inet6Length,
        _ => 0,
    };

    private static ProxyHeader.Relayed ParseAddresses(ReadOnlySpan<byte> block)
    {
        var size = (block.Length - 4) / 2;
        return Relayed(
            new IPAddress(block[..size]), BinaryPrimitives.ReadUInt16BigEndian(block[(2 * size)..]),
            new IPAddress(block[size..(2 * size)]), BinaryPrimitives.ReadUInt16BigEndian(block[(2 * size + 2)..]));
    }

    private static ProxyHeader.Relayed Relayed(IPAddress source, int sourcePort, IPAddress destination, int destinationPort) =>
        new(new IPEndPoint(Unmapped(source), sourcePort), new IPEndPoint(Unmapped(destination), destinationPort));

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool IsProxy(ReadOnlySpan<byte> head) => (head[12] & 0xF) == 1;

    /// <summary>As far as there are octets.</summary>
    private static bool BeginsAs(ReadOnlySpan<byte> head, ReadOnlySpan<byte> prefix) =>
        head.Length < prefix.Length ? prefix.StartsWith(head) : head.StartsWith(prefix);

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest, byte separator)
    {
        var end = rest.IndexOf(separator);
        var field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return field;
    }
}
