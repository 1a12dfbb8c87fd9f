namespace Webcluster.Node.Tls;

/// <summary>The certificate that clients see. Needed by listeners with STARTTLS or implicit TLS.</summary>
public sealed class TlsOptions
{
    /// <summary>PEM file: the certificate, then those that issued it. Default none.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>PEM file: its private key, unencrypted. Default none.</summary>
    public string Key { get; set; } = "";

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Certificate.Length > 0 && Key.Length == 0) yield return ("key", "is needed with certificate");
        if (Key.Length > 0 && Certificate.Length == 0) yield return ("certificate", "is needed with key");
    }
}
