namespace Webcluster.Queue.Messages;

/// <summary>
/// The bytes of a message, in two parts so that what was added (trace, signatures) never forces a copy of what the sender sent.
/// Immutable: nobody writes to the arrays behind it.
/// </summary>
public sealed record MessageContent(ReadOnlyMemory<byte> Prefix, ReadOnlyMemory<byte> Body)
{
    public int Length => Prefix.Length + Body.Length;

    public byte[] ToArray()
    {
        var all = new byte[Length];
        Prefix.CopyTo(all);
        Body.CopyTo(all.AsMemory(Prefix.Length));
        return all;
    }
}
