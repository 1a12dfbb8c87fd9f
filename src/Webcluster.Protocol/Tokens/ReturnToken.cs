namespace Webcluster.Protocol.Tokens;

/// <summary>
/// Names a message and the recipient it went to, in 61 letters and digits whose case does not matter. What it names is no secret; that this
/// cluster wrote it is certain (96 bits of HMAC-SHA256).
/// </summary>
/// <remarks>
/// Octets, frozen: version and kind (4 bits each), key id, message (16), recipient's mark (6), last day (2), signature (12).
/// </remarks>
/// <param name="Kind">Return path or reference.</param>
/// <param name="LastDay">It is good to this day's end, UTC.</param>
public readonly record struct ReturnToken(TokenKind Kind, Guid Message, RecipientMark Recipient, DateOnly LastDay)
{
    private const int Version = 1;
    private const int GuidAt = 2, MarkAt = GuidAt + 16, DayAt = MarkAt + RecipientMark.Octets, SignatureAt = DayAt + TokenDay.Octets;
    private const int Octets = SignatureAt + 12;

    /// <summary>Characters.</summary>
    public static int Length { get; } = Base32.LengthOf(Octets);

    /// <summary>Has the text the form of a token? Nothing is verified.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<char> text)
    {
        Span<byte> octets = stackalloc byte[Octets];
        return Base32.TryRead(text, octets) && octets[0] >> 4 == Version;
    }

    /// <summary>What stands for the token in an address as a report writes it; null where nothing does. Nothing is verified.</summary>
    public static string? OfAddress(string address)
    {
        var at = address.LastIndexOf('@');
        if (at < 0 || !address.StartsWith(ReturnPaths.Prefix, StringComparison.OrdinalIgnoreCase)) return null;
        var token = address[ReturnPaths.Prefix.Length..at];
        return LooksLikeOne(token) ? token.ToLowerInvariant() : null;
    }

    public string Write(TokenKeyRing keys)
    {
        Span<byte> octets = stackalloc byte[Octets];
        octets[0] = (byte)((Version << 4) | (int)Kind);
        octets[1] = keys.Signer;
        Message.TryWriteBytes(octets[GuidAt..], bigEndian: true, out _);
        Recipient.Write(octets[MarkAt..]);
        TokenDay.Write(octets[DayAt..], LastDay);
        keys.Sign(octets[..SignatureAt], octets[SignatureAt..]);
        return Base32.Write(octets);
    }

    /// <param name="token">What it says, where it is valid or has expired.</param>
    public static TokenProblem Read(
        ReadOnlySpan<char> text, TokenKind kind, TokenKeyRing keys, DateTimeOffset now, out ReturnToken token)
    {
        token = default;
        Span<byte> octets = stackalloc byte[Octets];
        if (!Base32.TryRead(text, octets) || octets[0] != ((Version << 4) | (int)kind)) return TokenProblem.Malformed;
        var problem = keys.Check(octets[1], octets[..SignatureAt], octets[SignatureAt..]);
        if (problem != TokenProblem.None) return problem;
        token = new ReturnToken(
            kind, new Guid(octets[GuidAt..MarkAt], bigEndian: true), RecipientMark.Read(octets[MarkAt..]), TokenDay.Read(octets[DayAt..]));
        return token.LastDay < TokenDay.Of(now) ? TokenProblem.Expired : TokenProblem.None;
    }
}
