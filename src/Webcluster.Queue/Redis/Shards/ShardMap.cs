using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Redis.Shards;

/// <summary>
/// All shards, and which has what. Lanes go by their provider; a session's id names its shard in its last two octets; suppressions go by
/// their bucket. Frozen.
/// </summary>
internal sealed class ShardMap(IReadOnlyList<Shard> shards)
{
    public IReadOnlyList<Shard> All => shards;

    public Shard Of(LaneKey lane) => Of(lane.Provider);

    /// <summary>What goes by a name alone.</summary>
    public Shard Of(string name) => shards[IndexOf(name, shards.Count)];

    public Shard Of(SessionId session)
    {
        Span<byte> octets = stackalloc byte[16];
        session.Value.TryWriteBytes(octets, bigEndian: true, out _);
        return shards[BinaryPrimitives.ReadUInt16BigEndian(octets[14..]) % shards.Count];
    }

    /// <summary>Buckets of the suppression list that follow each other are together.</summary>
    /// <param name="bucket">One of <paramref name="buckets"/>.</param>
    public Shard Of(int bucket, int buckets) => shards[(int)((long)bucket * shards.Count / buckets)];

    public static SessionId NewSession(Shard shard, DateTimeOffset now)
    {
        Span<byte> octets = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(octets, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(octets[14..], (ushort)shard.Number);
        return new SessionId(new Guid(octets, bigEndian: true));
    }

    internal static int IndexOf(string provider, int count)
    {
        if (count == 1)
            return 0;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(provider), hash);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % (uint)count);
    }
}
