namespace Webcluster.Node.Tls;

/// <summary>The certificate that clients see. Needed by listeners with STARTTLS or implicit TLS.</summary>
public sealed class TlsOptions
{
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostInterval = TimeSpan.FromDays(1);

    /// <summary>PEM file: the certificate, then those that issued it. Default none.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>PEM file: its private key, unencrypted. Default none.</summary>
    public string Key { get; set; } = "";

    /// <summary>How often both files are read again: what is new in them is shown from the next handshake on. From 1s to 1d. Default 1m.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromMinutes(1);

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Certificate.Length > 0 && Key.Length == 0) yield return ("key", "is needed with certificate");
        if (Key.Length > 0 && Certificate.Length == 0) yield return ("certificate", "is needed with key");
        if (ReloadInterval < LeastInterval || ReloadInterval > MostInterval) yield return ("reload_interval", "is not between 1s and 1d");
    }
}
