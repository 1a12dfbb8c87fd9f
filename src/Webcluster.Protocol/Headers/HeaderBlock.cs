using System.Text;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Headers;

/// <summary>
/// The header of a message over its raw bytes (RFC 5322 §2.2): where each field stands and where the body begins. Linear time; nothing is
/// copied or decoded. Scanning stops at the limits and says so. Only CRLF ends a line.
/// </summary>
public sealed class HeaderBlock
{
    public const int MaxFields = 1000;
    public const int MaxOctets = 256 * 1024;

    private readonly HeaderField[] _fields;

    private HeaderBlock(ReadOnlyMemory<byte> message, ref HeaderScanner scanner)
    {
        Message = message;
        _fields = scanner.TakeFields();
        Defects = scanner.Defects;
        HeaderLength = scanner.HeaderLength;
        BodyOffset = scanner.BodyOffset;
    }

    public static HeaderBlock Scan(ReadOnlyMemory<byte> message)
    {
        var scanner = new HeaderScanner(message.Span);
        scanner.Scan();
        return new HeaderBlock(message, ref scanner);
    }

    public ReadOnlyMemory<byte> Message { get; }
    public ReadOnlySpan<HeaderField> Fields => _fields;
    public HeaderDefects Defects { get; }

    /// <summary>
    /// Octets of the header fields, without the empty line. The header ends here where a line is no field (then with a defect).
    /// </summary>
    public int HeaderLength { get; }

    /// <summary>
    /// Where the body begins: behind the empty line. The message's length where there is none, or <see cref="HeaderLength"/> where a defect
    /// ended the header.
    /// </summary>
    public int BodyOffset { get; }

    /// <summary>The octets behind the colon as they stand, folded, without the last CRLF.</summary>
    public ReadOnlySpan<byte> Value(in HeaderField field)
    {
        var text = Message.Span[field.Start..field.End];
        text = text[(field.NameLength + text[field.NameLength..].IndexOf((byte)':') + 1)..];
        return text.EndsWith("\r\n"u8) ? text[..^2] : text;
    }

    /// <summary>Is this field's name the given one? ASCII, case does not matter.</summary>
    public bool Is(in HeaderField field, ReadOnlySpan<byte> name) =>
        field.NameLength == name.Length && Ascii.EqualsIgnoreCase(Message.Span.Slice(field.Start, field.NameLength), name);

    public int Count(ReadOnlySpan<byte> name)
    {
        var count = 0;
        foreach (var field in Fields)
            if (Is(field, name)) count++;
        return count;
    }

    /// <summary>
    /// The value of the first field of that name, unfolded and trimmed, UTF-8 decoded with replacement; null where there is none.
    /// </summary>
    public string? FirstValue(ReadOnlySpan<byte> name)
    {
        foreach (var field in Fields)
            // rfc5322#2.2.3: unfolding takes out the CRLF and leaves the white space.
            if (Is(field, name)) return Encoding.UTF8.GetString(Value(field)).Replace("\r\n", "", StringComparison.Ordinal).Trim(' ', '\t');
        return null;
    }

    /// <summary>
    /// The addr-specs of an address field (RFC 5322 §3.4: display names, groups, comments, quoted strings); at most <paramref
    /// name="most"/>.
    /// </summary>
    /// <remarks>
    /// Over all fields of that name. What cannot be read is passed over: see <see cref="TryReadAddresses"/> where that decides something.
    /// </remarks>
    public IReadOnlyList<Mailbox> Addresses(ReadOnlySpan<byte> name, int most)
    {
        TryReadAddresses(name, most, out var addresses);
        return addresses;
    }

    /// <summary>
    /// As <see cref="Addresses"/>; false where an element could not be read, or where there were more than <paramref name="most"/>.
    /// </summary>
    public bool TryReadAddresses(ReadOnlySpan<byte> name, int most, out IReadOnlyList<Mailbox> addresses)
    {
        var found = new List<Mailbox>();
        var complete = true;
        Span<byte> buffer = stackalloc byte[AddressListParser.BufferLength];
        addresses = found;
        foreach (var field in Fields)
        {
            if (!Is(field, name)) continue;
            var parser = new AddressListParser(Value(field), buffer);
            while (parser.TryRead(out var mailbox))
            {
                if (found.Count == most) return false;
                found.Add(mailbox);
            }

            complete &= !parser.IsMalformed;
        }

        return complete;
    }
}
