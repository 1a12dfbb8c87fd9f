using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Redis.Suppression;

/// <summary>
/// Where an address's entries are: in a bucket that its hash chooses. So small hashes, which Redis keeps as one packed string each, hold
/// millions of entries in little more than their octets. A field is tenant, a zero octet, address. Frozen.
/// </summary>
internal readonly struct SuppressionName(SuppressedAddress address)
{
    /// <summary>Two octets. With 10,000,000 entries a bucket has 150 of them.</summary>
    public const int Buckets = 1 << 16;

    private readonly byte[] _octets = address.ToOctets();

    public int Bucket => BinaryPrimitives.ReadUInt16BigEndian(SHA256.HashData(_octets));

    /// <summary>A bucket as scripts want it.</summary>
    public static byte[] Encode(int bucket)
    {
        var octets = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)bucket);
        return octets;
    }

    public static int FirstOf(int shard, int shards) => (int)(((long)shard * Buckets + shards - 1) / shards);

    public byte[] Field(string tenant) => [.. Encoding.UTF8.GetBytes(tenant), 0, .. _octets];

    /// <returns>Null where it is no field.</returns>
    public static SuppressionKey? Key(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end
        ? new SuppressionKey(Encoding.UTF8.GetString(field[..end]), SuppressedAddress.FromOctets(field[(end + 1)..]))
        : null;
}
