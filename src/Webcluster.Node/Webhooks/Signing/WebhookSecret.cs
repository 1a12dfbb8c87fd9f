using System.Security.Cryptography;

namespace Webcluster.Node.Webhooks.Signing;

/// <summary>What sender and receiver share, as Standard Webhooks writes it: "whsec_" and 24 to 64 random octets in base64.</summary>
internal sealed class WebhookSecret
{
    public const string Prefix = "whsec_";
    public const string Expected = "whsec_ and 24 to 64 octets in base64";

    private const int Fewest = 24;
    private const int Most = 64;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>A new one, as text.</summary>
    public static string Generate() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <returns>Null where the text is no secret.</returns>
    public static WebhookSecret? Parse(string text)
    {
        var key = new byte[Most + 2];
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], key, out var length) && length is >= Fewest and <= Most
            ? new WebhookSecret(key[..length])
            : null;
    }

    public IncrementalHash Begin() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
}
