using System.Security.Cryptography;
using System.Text;
using Webcluster.Node.Files;

namespace Webcluster.Node.Http;

/// <summary>The secret that opens the administration of a node. Only its hash is kept in memory.</summary>
internal sealed class AdminToken
{
    public const int LeastLength = 32;

    private readonly byte[] _hash;

    public AdminToken(string token) => _hash = Hash(token);

    /// <summary>Reads the file; where there is none, makes one that its owner alone can read.</summary>
    /// <exception cref="IOException">It holds no token, or cannot be read or made.</exception>
    public static AdminToken LoadOrCreate(string file)
    {
        if (!File.Exists(file))
        {
            PrivateFile.EnsureFolder(Path.GetDirectoryName(file)!);
            PrivateFile.WriteWhereNone(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n");
        }

        return new AdminToken(Read(file));
    }

    /// <exception cref="IOException">It is not there, cannot be read, or holds no token.</exception>
    public static string Read(string file)
    {
        var token = File.ReadAllText(file).Trim();
        return Problem(token) is { } problem ? throw new IOException($"{file} {problem}") : token;
    }

    /// <summary>What is wrong with a file that is to hold a token; null where nothing is, or where it is still to be made.</summary>
    public static string? ProblemOf(string file)
    {
        try
        {
            return File.Exists(file) ? Problem(File.ReadAllText(file).Trim()) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {error.Message}";
        }
    }

    /// <summary>What is wrong with a token; null where nothing is.</summary>
    private static string? Problem(string token) => token.Length >= LeastLength && token.All(c => c is > ' ' and <= '~')
        ? null
        : $"does not hold one token of at least {LeastLength} characters; delete it, and the node makes one";

    /// <summary>In the same time whether it is nearly right or not at all.</summary>
    public bool Matches(string given) => CryptographicOperations.FixedTimeEquals(Hash(given), _hash);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
