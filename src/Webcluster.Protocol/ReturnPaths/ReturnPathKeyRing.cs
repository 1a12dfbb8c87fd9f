using System.Collections.Frozen;

namespace Webcluster.Protocol.ReturnPaths;

/// <summary>The keys that sign tokens. The current one signs; all verify, so that a key can be replaced while its tokens are on their
/// way.</summary>
public sealed class ReturnPathKeyRing
{
    /// <summary>Octets a key must have at least.</summary>
    public const int MinKeyLength = 32;

    private readonly FrozenDictionary<byte, ReadOnlyMemory<byte>> _keys;

    /// <exception cref="ArgumentException">A key is too short, or the current one is not among them.</exception>
    public ReturnPathKeyRing(byte current, IReadOnlyDictionary<byte, ReadOnlyMemory<byte>> keys)
    {
        if (!keys.ContainsKey(current)) throw new ArgumentException($"No key {current}.", nameof(keys));
        if (keys.Values.Any(key => key.Length < MinKeyLength))
            throw new ArgumentException($"A key has at least {MinKeyLength} octets.", nameof(keys));
        Current = current;
        _keys = keys.ToFrozenDictionary();
    }

    public byte Current { get; }

    /// <summary>Null where there is none of that id.</summary>
    public ReadOnlyMemory<byte>? this[byte id] => _keys.TryGetValue(id, out var key) ? key : default(ReadOnlyMemory<byte>?);
}
