using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Webcluster.Protocol.ReturnPaths;

/// <summary>
/// What a return path and a signed header say of a message: which one, which of its recipients, and until when a report of it is taken. No
/// address is in it. Signed with HMAC-SHA256, of which 96 bits are kept; 55 characters of base32, so the local part stays under the 64
/// octets of RFC 5321 §4.5.3.1.1.
/// </summary>
/// <param name="KeyId">Which of the cluster's keys signed it.</param>
/// <param name="Message">The message's id.</param>
/// <param name="Recipient">Ordinal of the recipient among the message's.</param>
/// <param name="ExpiryDay">The last day on which it is valid.</param>
public sealed record ReturnPathToken(byte KeyId, Guid Message, ushort Recipient, DateOnly ExpiryDay)
{
    private const byte Version = 1;
    private const int ContentLength = 22;
    private const int MacLength = 12;
    private const int Octets = ContentLength + MacLength;

    // Days are counted from here, in 16 bits: until the year 2204.
    private static readonly DateOnly FirstDay = new(2025, 1, 1);

    /// <summary>Has the text the form of a token? Nothing is verified.</summary>
    public static bool LooksLikeOne(string text)
    {
        Span<byte> octets = stackalloc byte[Octets];
        return Base32.TryRead(text, octets) && octets[0] == Version;
    }

    /// <exception cref="ArgumentException">No key of that id.</exception>
    public string Write(ReturnPathKeyRing keys)
    {
        if (keys[KeyId] is not { } key) throw new ArgumentException($"No key {KeyId}.", nameof(keys));
        Span<byte> octets = stackalloc byte[Octets];
        octets[0] = Version;
        octets[1] = KeyId;
        Message.TryWriteBytes(octets[2..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(octets[18..], Recipient);
        var days = Math.Clamp(ExpiryDay.DayNumber - FirstDay.DayNumber, 0, ushort.MaxValue);
        BinaryPrimitives.WriteUInt16BigEndian(octets[20..], (ushort)days);
        Sign(octets[..ContentLength], key.Span, octets[ContentLength..]);
        return Base32.Write(octets);
    }

    /// <summary>Reads and verifies; constant time over the signature.</summary>
    public static TokenProblem TryVerify(string? text, ReturnPathKeyRing keys, DateOnly today, out ReturnPathToken? token)
    {
        token = null;
        Span<byte> octets = stackalloc byte[Octets];
        if (text is null || !Base32.TryRead(text, octets) || octets[0] != Version) return TokenProblem.Malformed;
        if (keys[octets[1]] is not { } key) return TokenProblem.UnknownKey;
        Span<byte> expected = stackalloc byte[MacLength];
        Sign(octets[..ContentLength], key.Span, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, octets[ContentLength..])) return TokenProblem.Forged;
        var day = FirstDay.AddDays(BinaryPrimitives.ReadUInt16BigEndian(octets[20..]));
        var recipient = BinaryPrimitives.ReadUInt16BigEndian(octets[18..]);
        token = new ReturnPathToken(octets[1], new Guid(octets[2..18], bigEndian: true), recipient, day);
        return today > day ? TokenProblem.Expired : TokenProblem.None;
    }

    private static void Sign(ReadOnlySpan<byte> content, ReadOnlySpan<byte> key, Span<byte> mac)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, content, full);
        full[..mac.Length].CopyTo(mac);
    }
}
