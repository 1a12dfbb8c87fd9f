using System.Text;
using System.Text.Unicode;

namespace Webcluster.Submission.Auth;

/// <summary>What a client says in AUTH, taken out of its base64. Pure.</summary>
internal static class SaslPlain
{
    /// <summary>
    /// Takes "authzid NUL authcid NUL password" apart (RFC 4616 §2). The three may come empty; more or fewer than two NULs are no message.
    /// </summary>
    public static bool TryParse(ReadOnlyMemory<byte> message, out SaslLogin login)
    {
        login = default;
        var span = message.Span;
        var first = span.IndexOf((byte)0);
        if (first < 0) return false;
        var second = span[(first + 1)..].IndexOf((byte)0);
        if (second < 0) return false;
        second += first + 1;
        if (span[(second + 1)..].Contains((byte)0) || !Utf8.IsValid(span)) return false;
        login = new SaslLogin(
            Encoding.UTF8.GetString(span[..first]), Encoding.UTF8.GetString(span[(first + 1)..second]), message[(second + 1)..]);
        return true;
    }
}

/// <param name="Authorize">Whom the client wants to act as; empty: itself.</param>
internal readonly record struct SaslLogin(string Authorize, string Name, ReadOnlyMemory<byte> Password);
