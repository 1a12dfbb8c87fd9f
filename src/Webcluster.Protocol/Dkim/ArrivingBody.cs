namespace Webcluster.Protocol.Dkim;

/// <summary>
/// Hashes the body of a message while the message arrives, however it is cut into pieces, so that little is left to do at its end. Not
/// thread-safe; one for each message.
/// </summary>
public sealed class ArrivingBody(Canonicalization kind) : IDisposable
{
    private const int EmptyLine = 4;

    private readonly BodyDigest _digest = new(kind);

    // How much of CRLFCRLF stands before the next octet; a message that begins with an empty line has no header.
    private int _matched = 2;
    private long _length;

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (_matched < EmptyLine)
            piece = BehindHeader(piece);
        _length += piece.Length;
        _digest.Append(piece);
    }

    /// <summary>The hash of what stood behind the first empty line; of nothing, where there was none.</summary>
    public BodyHash Finish()
    {
        Span<byte> hash = stackalloc byte[BodyDigest.HashOctets];
        _digest.Finish(hash);
        return new BodyHash(kind, _length, Convert.ToBase64String(hash));
    }

    public void Dispose() => _digest.Dispose();

    private ReadOnlySpan<byte> BehindHeader(ReadOnlySpan<byte> piece)
    {
        for (var at = 0; at < piece.Length; at++)
        {
            _matched = (_matched, piece[at]) switch
            {
                (0 or 2, (byte)'\r') or (1 or 3, (byte)'\n') => _matched + 1,
                (_, (byte)'\r') => 1,
                _ => 0,
            };
            if (_matched == EmptyLine)
                return piece[(at + 1)..];
            if (_matched != 0)
                continue;
            var text = piece[(at + 1)..].IndexOf((byte)'\r');
            if (text < 0)
                return [];
            at += text;
        }
        return [];
    }
}
