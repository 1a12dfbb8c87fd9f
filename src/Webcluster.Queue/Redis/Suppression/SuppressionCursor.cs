using System.Buffers.Text;

namespace Webcluster.Queue.Redis.Suppression;

/// <summary>How far a list has come: behind a field of a bucket, or at a bucket's beginning.</summary>
internal readonly record struct SuppressionCursor(int Bucket, ReadOnlyMemory<byte> After)
{
    public override string ToString() => Base64Url.EncodeToString([.. SuppressionName.Encode(Bucket), .. After.Span]);

    public static bool TryParse(string? text, out SuppressionCursor cursor)
    {
        cursor = default;
        if (text is null) return true;
        if (!Base64Url.IsValid(text)) return false;
        var octets = Base64Url.DecodeFromChars(text);
        if (octets.Length < 2) return false;
        cursor = new SuppressionCursor((octets[0] << 8) | octets[1], octets.AsMemory(2));
        return true;
    }

    public bool IsBefore(int bucket, ReadOnlySpan<byte> field) =>
        Bucket < bucket || (Bucket == bucket && After.Span.SequenceCompareTo(field) < 0);
}
