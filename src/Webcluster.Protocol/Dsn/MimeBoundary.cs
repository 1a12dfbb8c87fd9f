using System.Security.Cryptography;
using System.Text;

namespace Webcluster.Protocol.Dsn;

/// <summary>The line between the parts of a multipart body (RFC 2046 §5.1.1).</summary>
internal static class MimeBoundary
{
    private const int MaxLength = 70;

    /// <summary>
    /// The wished boundary, or another where a part contains it or it cannot be one. The other is a hash over all parts, so no part can
    /// have been made to contain it.
    /// </summary>
    public static string Choose(string wished, IReadOnlyList<MimePart> parts)
    {
        if (IsValid(wished) && !Occurs(wished, parts)) return wished;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(wished));
        foreach (var part in parts) hash.AppendData(part.Content.Span);
        return "=_" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static bool Occurs(string boundary, IReadOnlyList<MimePart> parts)
    {
        var line = Encoding.ASCII.GetBytes("--" + boundary);
        return parts.Any(p => p.Content.Span.IndexOf(line) >= 0);
    }

    // rfc2046#5.1.1: bchars, less the space, and those that a quoted string would have to escape are none of them.
    private static bool IsValid(string boundary) =>
        boundary.Length is > 0 and <= MaxLength
        && boundary.All(c => char.IsAsciiLetterOrDigit(c) || "'()+_,-./:=?".Contains(c, StringComparison.Ordinal));
}
