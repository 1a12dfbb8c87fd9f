using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Webcluster.Submission.Auth;

/// <summary>
/// Names a user, his stored hash and a password, under a key that lives only in this process. A changed password has another hash, and so
/// another name: nothing has to be taken out of a cache.
/// </summary>
internal readonly record struct VerifiedKey(UInt128 High, UInt128 Low)
{
    public static VerifiedKey Of(ReadOnlySpan<byte> processKey, string name, string hash, ReadOnlySpan<byte> password)
    {
        // Neither a name nor a hash has a NUL, so the three parts cannot run into one another.
        var length = Encoding.UTF8.GetMaxByteCount(name.Length + hash.Length) + password.Length + 2;
        var text = ArrayPool<byte>.Shared.Rent(length);
        var used = Encoding.UTF8.GetBytes(name, text);
        text[used++] = 0;
        used += Encoding.UTF8.GetBytes(hash, text.AsSpan(used));
        text[used++] = 0;
        password.CopyTo(text.AsSpan(used));
        used += password.Length;

        Span<UInt128> digest = stackalloc UInt128[2];
        HMACSHA256.HashData(processKey, text.AsSpan(0, used), MemoryMarshal.AsBytes(digest));
        CryptographicOperations.ZeroMemory(text.AsSpan(0, used));
        ArrayPool<byte>.Shared.Return(text);
        return new VerifiedKey(digest[0], digest[1]);
    }
}
