namespace Webcluster.Protocol.Dns;

/// <summary>Why a message was refused.</summary>
public enum DnsProblem { None, Incomplete, NotAResponse, BadQuestion, BadName, BadRecord, TooManyRecords }

/// <summary>Parses responses (RFC 1035 §4.1). Linear, bounded, never throws; a message with one bad record is refused as a whole.</summary>
public static class DnsResponse
{
    /// <summary>Records of the answer and authority sections together. Real MX and TXT sets have a few dozen.</summary>
    public const int MaxRecords = 512;

    private const ushort ResponseBit = 0x8000;
    private const ushort OpcodeBits = 0x7800;
    private const ushort TruncatedBit = 0x0200;
    private const ushort AuthenticDataBit = 0x0020;
    private const ushort CodeBits = 0x000F;
    private const ushort ClassInternet = 1;

    public static bool TryParse(ReadOnlySpan<byte> message, out DnsMessage? response, out DnsProblem problem)
    {
        response = null;
        var reader = new DnsReader(message);
        problem = ReadHeader(ref reader, out var header);
        if (problem != DnsProblem.None) return false;
        problem = ReadQuestion(ref reader, header.Questions, out var question);
        if (problem != DnsProblem.None) return false;

        var truncated = (header.Flags & TruncatedBit) != 0;
        var sections = new Sections();
        // rfc2181#9: what stands in a truncated response is not used, and some servers cut it in the middle of a record.
        if (!truncated) problem = ReadSections(ref reader, header, sections);
        if (problem != DnsProblem.None) return false;

        var code = (DnsResponseCode)(sections.ExtendedCode << 4 | header.Flags & CodeBits);
        response = new DnsMessage(
            header.Id, truncated, (header.Flags & AuthenticDataBit) != 0, code, question,
            sections.Answers, sections.Authority, sections.HasServers && sections.Authority is null);
        return true;
    }

    private static DnsProblem ReadHeader(ref DnsReader reader, out Header header)
    {
        header = default;
        if (!reader.TryReadUInt16(out var id) || !reader.TryReadUInt16(out var flags) || !reader.TryReadUInt16(out var questions)
            || !reader.TryReadUInt16(out var answers) || !reader.TryReadUInt16(out var authorities)
            || !reader.TryReadUInt16(out var additional))
            return DnsProblem.Incomplete;
        header = new Header(id, flags, questions, answers, authorities, additional);
        return (flags & ResponseBit) == 0 || (flags & OpcodeBits) != 0 ? DnsProblem.NotAResponse : DnsProblem.None;
    }

    private static DnsProblem ReadQuestion(ref DnsReader reader, int count, out DnsQuestion? question)
    {
        question = null;
        if (count == 0) return DnsProblem.None;
        if (count > 1) return DnsProblem.BadQuestion;
        if (!reader.TryReadName(out var name)) return DnsProblem.BadName;
        if (!reader.TryReadUInt16(out var type) || !reader.TryReadUInt16(out var @class)) return DnsProblem.Incomplete;
        question = new DnsQuestion(name, (DnsType)type);
        return @class == ClassInternet ? DnsProblem.None : DnsProblem.BadQuestion;
    }

    private static DnsProblem ReadSections(ref DnsReader reader, Header header, Sections sections)
    {
        if (header.Answers + header.Authorities > MaxRecords) return DnsProblem.TooManyRecords;
        for (var i = 0; i < header.Answers; i++)
        {
            var problem = DnsRecordReader.Read(ref reader, out var record, out _);
            if (problem != DnsProblem.None) return problem;
            if (record is not null) sections.Answers.Add(record);
        }
        for (var i = 0; i < header.Authorities; i++)
        {
            var problem = DnsRecordReader.Read(ref reader, out var record, out _);
            if (problem != DnsProblem.None) return problem;
            sections.Authority ??= record as DnsRecord.Authority;
            sections.HasServers |= record is DnsRecord.Delegation;
        }
        // Of the additional section only OPT matters; it is bounded by the octets of the message.
        for (var i = 0; i < header.Additional; i++)
        {
            var problem = DnsRecordReader.Read(ref reader, out _, out var extendedCode);
            if (problem != DnsProblem.None) return problem;
            sections.ExtendedCode |= extendedCode;
        }
        return DnsProblem.None;
    }

    private readonly record struct Header(ushort Id, ushort Flags, ushort Questions, ushort Answers, ushort Authorities, ushort Additional);

    private sealed class Sections
    {
        public List<DnsRecord> Answers { get; } = [];
        public DnsRecord.Authority? Authority { get; set; }
        public bool HasServers { get; set; }
        public byte ExtendedCode { get; set; }
    }
}
