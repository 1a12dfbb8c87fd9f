using System.Security.Cryptography;
using System.Text;

namespace Webcluster.Queue.Suppression;

/// <summary>Turns addresses into hashes that nobody without the secret can try addresses against. Safe for concurrent use.</summary>
public sealed class AddressHash
{
    private const int LeastLength = 32;

    private readonly byte[] _secret;

    /// <param name="secret">At least 32 characters.</param>
    public AddressHash(string secret) => _secret = Encoding.UTF8.GetBytes(secret);

    /// <exception cref="IOException">The file cannot be read, or has no secret.</exception>
    public static AddressHash Read(string file)
    {
        var secret = File.ReadAllText(file).Trim();
        return Problem(secret) is { } problem ? throw new IOException($"{file} {problem}") : new AddressHash(secret);
    }

    /// <summary>What is wrong with a file that is to hold the secret; null where nothing is.</summary>
    public static string? ProblemOf(string file)
    {
        try
        {
            return Problem(File.ReadAllText(file).Trim());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {error.Message}";
        }
    }

    /// <summary>A hash stays what it is.</summary>
    internal SuppressedAddress Of(SuppressedAddress address)
    {
        if (address.IsHash) return address;
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(address.ToString()), hash);
        return SuppressedAddress.OfHash(hash);
    }

    private static string? Problem(string secret) =>
        secret.Length >= LeastLength ? null : $"does not hold a secret of at least {LeastLength} characters";
}
