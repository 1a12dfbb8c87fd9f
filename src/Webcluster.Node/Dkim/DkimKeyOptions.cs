namespace Webcluster.Node.Dkim;

/// <summary>A key that signs mail whose From is of its domain. Two keys for one domain sign twice (RSA and Ed25519).</summary>
public sealed class DkimKeyOptions
{
    /// <summary>The domain it signs for.</summary>
    public string Domain { get; set; } = "";

    /// <summary>The name under _domainkey of that domain where the public key is published.</summary>
    public string Selector { get; set; } = "";

    /// <summary>PEM file: RSA of at least 1024 bits, or Ed25519.</summary>
    public string File { get; set; } = "";

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Domain.Length == 0) yield return ("domain", "is needed");
        if (Selector.Length == 0) yield return ("selector", "is needed");
        if (File.Length == 0) yield return ("file", "is needed");
    }
}
