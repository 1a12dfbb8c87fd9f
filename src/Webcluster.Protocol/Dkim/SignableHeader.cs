using Webcluster.Protocol.Headers;

namespace Webcluster.Protocol.Dkim;

/// <summary>A header in two parts, counted from its top as one: the fields we add stand in front of the message's own.</summary>
internal readonly struct SignableHeader(HeaderBlock? added, HeaderBlock message)
{
    private readonly int _added = added is null ? 0 : added.Fields.Length;

    internal int Count => _added + message.Fields.Length;

    internal bool Is(int index, ReadOnlySpan<byte> name)
    {
        var (block, field) = At(index);
        return block.Is(field, name);
    }

    internal ReadOnlySpan<byte> Octets(int index)
    {
        var (block, field) = At(index);
        return block.Message.Span[field.Start..field.End];
    }

    internal int CountOf(ReadOnlySpan<byte> name)
    {
        var count = 0;
        for (var index = 0; index < Count; index++)
        {
            if (Is(index, name))
                count++;
        }
        return count;
    }

    private (HeaderBlock Block, HeaderField Field) At(int index) =>
        index < _added ? (added!, added!.Fields[index]) : (message, message.Fields[index - _added]);
}
