using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Tokens;

/// <summary>
/// Lets whoever holds it, the recipient of the mail it stands in, get no more mail from a tenant. It says whose address it is about itself,
/// because links are followed long after all else is forgotten. Signed with 128 bits of HMAC-SHA256, as text for URLs (base64url).
/// </summary>
/// <remarks>
/// Octets, frozen: version and kind (4 bits each), key id, last day (2), then tenant and list, each behind its length (1), the address,
/// signature (16).
/// </remarks>
/// <param name="List">What of the tenant's mail; "": all of it.</param>
/// <param name="LastDay">It is good to this day's end, UTC.</param>
public sealed record UnsubscribeToken(string Tenant, string List, Mailbox Address, DateOnly LastDay)
{
    private const int Version = 1;
    private const byte First = (Version << 4) | (int)TokenKind.Unsubscribe;
    private const int DayAt = 2, TextAt = DayAt + TokenDay.Octets, SignatureOctets = 16;

    /// <summary>Octets of a tenant's or a list's name at most.</summary>
    public const int MostName = 128;

    // Two names, an address of 254 octets.
    private const int MostOctets = TextAt + 2 * (1 + MostName) + 254 + SignatureOctets;

    /// <summary>Characters of a token at most.</summary>
    public static int MostLength { get; } = Base64Url.GetEncodedLength(MostOctets);

    /// <returns>Null where tenant, list or address are longer than fits.</returns>
    public string? Write(TokenKeyRing keys)
    {
        var (tenant, list, address) = (Encoding.UTF8.GetBytes(Tenant), Encoding.UTF8.GetBytes(List), Encoding.UTF8.GetBytes(Address.ToString()));
        if (tenant.Length > MostName || list.Length > MostName) return null;
        byte[] octets =
        [
            First, keys.Signer, 0, 0, (byte)tenant.Length, .. tenant, (byte)list.Length, .. list, .. address, .. new byte[SignatureOctets],
        ];
        if (octets.Length > MostOctets) return null;
        TokenDay.Write(octets.AsSpan(DayAt), LastDay);
        keys.Sign(octets.AsSpan(..^SignatureOctets), octets.AsSpan(^SignatureOctets..));
        return Base64Url.EncodeToString(octets);
    }

    /// <param name="token">What it says, where it is valid or has expired; null otherwise.</param>
    public static TokenProblem Read(ReadOnlySpan<char> text, TokenKeyRing keys, DateTimeOffset now, out UnsubscribeToken? token)
    {
        token = null;
        Span<byte> buffer = stackalloc byte[MostOctets];
        if (text.Length > MostLength || Base64Url.DecodeFromChars(text, buffer, out _, out var length) != OperationStatus.Done
            || length < TextAt + 2 + SignatureOctets || buffer[0] != First)
            return TokenProblem.Malformed;
        var payload = buffer[..(length - SignatureOctets)];
        var problem = keys.Check(buffer[1], payload, buffer[payload.Length..length]);
        if (problem != TokenProblem.None) return problem;
        var rest = payload[TextAt..];
        if (!TryTake(ref rest, out var tenant) || !TryTake(ref rest, out var list) || !Mailbox.TryParse(rest, out var address))
            return TokenProblem.Malformed;
        token = new UnsubscribeToken(tenant, list, address!, TokenDay.Read(payload[DayAt..]));
        return token.LastDay < TokenDay.Of(now) ? TokenProblem.Expired : TokenProblem.None;
    }

    private static bool TryTake(ref Span<byte> rest, out string text)
    {
        text = "";
        if (rest.IsEmpty || rest[0] >= rest.Length) return false;
        var end = 1 + rest[0];
        text = Encoding.UTF8.GetString(rest[1..end]);
        rest = rest[end..];
        return true;
    }
}
