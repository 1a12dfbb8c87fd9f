using System.Buffers;
using System.IO.Compression;

namespace Webcluster.Queue.Redis.Records;

/// <summary>How content is stored. The numbers are stored.</summary>
internal enum PackingKind : byte { Plain = 0, Brotli = 1 }

/// <summary>Makes content smaller where that saves at least a fifth: memory is what a queue in Redis is made of. Tiny content is not
/// tried.</summary>
internal static class ContentPacking
{
    private const int LeastOctets = 512;
    private const int SmallOctets = 16 * 1024;
    private const int Window = 22;

    /// <returns>The packed octets, in an array that goes back to the shared pool; null where they are better left as they are.</returns>
    public static byte[]? TryPack(ReadOnlySpan<byte> content, out int packed)
    {
        packed = 0;
        if (content.Length < LeastOctets)
            return null;
        // With 0 more than this takes two thirds of the time, and becomes a tenth larger at most.
        var quality = content.Length <= SmallOctets ? 1 : 0;
        var wanted = (int)(content.Length * 4L / 5);
        var room = ArrayPool<byte>.Shared.Rent(wanted);
        if (BrotliEncoder.TryCompress(content, room.AsSpan(0, wanted), out packed, quality, Window))
            return room;
        ArrayPool<byte>.Shared.Return(room);
        return null;
    }

    /// <returns>False where it is not what was packed, or not of that length.</returns>
    public static bool TryUnpack(ReadOnlySpan<byte> packed, Span<byte> content) =>
        BrotliDecoder.TryDecompress(packed, content, out var written) && written == content.Length;
}
