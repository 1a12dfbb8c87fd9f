using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Tokens;

/// <summary>
/// Tells one recipient of a message from its others, and its tenant from others, without saying who they are: six octets of a hash of
/// message, address and tenant. Whoever knows the message's recipients, or is told one, finds it among them; nothing has to be kept for it,
/// and the marks of one address in two messages differ.
/// </summary>
public readonly record struct RecipientMark(ulong Value)
{
    internal const int Octets = 6;

    /// <summary>More than one recipient, or none that is known.</summary>
    public static RecipientMark Several { get; }

    /// <summary>The local part in either case is the same recipient, as on the suppression list.</summary>
    /// <param name="tenant">"" for a mark that says nothing of it: so they were, and such tokens are still on their way.</param>
    public static RecipientMark Of(Guid message, string tenant, Mailbox recipient)
    {
        var text = $"{message:N}\n{recipient.LocalPart.ToLowerInvariant()}@{recipient.Domain}{(tenant.Length == 0 ? "" : "\n")}{tenant}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        var mark = Read(hash);
        return mark == Several ? new RecipientMark(1) : mark;
    }

    /// <summary>The mark of the only one; <see cref="Several"/> where there are more, or none.</summary>
    public static RecipientMark Of(Guid message, string tenant, IReadOnlyList<Mailbox> recipients) =>
        recipients.Count == 1 ? Of(message, tenant, recipients[0]) : Several;

    internal static RecipientMark Read(ReadOnlySpan<byte> source) =>
        new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(source) << 32) | BinaryPrimitives.ReadUInt32BigEndian(source[2..]));

    internal void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)(Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(target[2..], (uint)Value);
    }
}
