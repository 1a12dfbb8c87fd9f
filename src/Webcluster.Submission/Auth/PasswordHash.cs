using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Webcluster.Submission.Auth;

/// <summary>
/// Password hashes as text that names its own parameters: "$pbkdf2-sha256$i=600000$salt$hash", base64. 600,000 iterations is what OWASP's
/// password storage cheat sheet has asked for since 2023. One computation is meant to take a good part of a second.
/// </summary>
public static class PasswordHash
{
    private const string Scheme = "pbkdf2-sha256";
    private const int Iterations = 600_000;
    private const int MaxIterations = 10_000_000;
    private const int SaltOctets = 16;
    private const int HashOctets = 32;

    /// <summary>The hash of no password anyone has: takes as long to compare as a real one.</summary>
    internal static string Dummy { get; } = Format(Iterations, new byte[SaltOctets], new byte[HashOctets]);

    public static string Create(string password) => Create(password, Iterations);

    public static bool Verify(string hash, string password) => Verify(hash, Encoding.UTF8.GetBytes(password));

    internal static string Create(string password, int iterations)
    {
        Span<byte> salt = stackalloc byte[SaltOctets];
        RandomNumberGenerator.Fill(salt);
        Span<byte> hash = stackalloc byte[HashOctets];
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, hash, iterations, HashAlgorithmName.SHA256);
        return Format(iterations, salt, hash);
    }

    internal static bool IsValid(string text) => TryParse(text, out _, out _, out _);

    /// <summary>Compares in constant time. A text that is no hash matches nothing.</summary>
    internal static bool Verify(string text, ReadOnlySpan<byte> password)
    {
        if (!TryParse(text, out var iterations, out var salt, out var expected)) return false;
        Span<byte> actual = stackalloc byte[HashOctets];
        Rfc2898DeriveBytes.Pbkdf2(password, salt, actual, iterations, HashAlgorithmName.SHA256);
        return CryptographicOperations.FixedTimeEquals(actual, expected);
    }

    private static string Format(int iterations, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> hash) =>
        string.Create(
            CultureInfo.InvariantCulture, $"${Scheme}$i={iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");

    private static bool TryParse(string text, out int iterations, out byte[] salt, out byte[] hash)
    {
        iterations = 0;
        salt = hash = [];
        var fields = text.Split('$');
        if (fields is not ["", Scheme, ['i', '=', ..] cost, _, _]
            || !int.TryParse(cost.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out iterations)
            || iterations is < 1 or > MaxIterations)
            return false;
        salt = new byte[SaltOctets];
        hash = new byte[HashOctets];
        return Convert.TryFromBase64String(fields[3], salt, out var saltLength) && saltLength == SaltOctets
            && Convert.TryFromBase64String(fields[4], hash, out var hashLength) && hashLength == HashOctets;
    }
}
