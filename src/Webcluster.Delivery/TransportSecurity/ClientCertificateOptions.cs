using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>What delivery shows a server that asks for a certificate; few do.</summary>
public sealed class ClientCertificateOptions
{
    private const UnixFileMode OthersMay =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>PEM file: the certificate, then those that issued it. Default none.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>PEM file: its private key, unencrypted, readable by its owner only. Default none.</summary>
    public string Key { get; set; } = "";

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Certificate.Length > 0 && Key.Length == 0) yield return ("key", "is needed with certificate");
        if (Key.Length > 0 && Certificate.Length == 0) yield return ("certificate", "is needed with key");
    }

    /// <summary>The same where it is one of several keys, given for itself.</summary>
    public IEnumerable<(string Key, string Problem)> NestedProblems()
    {
        foreach (var (key, problem) in Problems()) yield return ($"client_certificate.{key}", problem);
        if (Certificate.Length + Key.Length == 0) yield return ("client_certificate.certificate", "is missing, as is key");
    }

    /// <summary>Why the files cannot be used.</summary>
    public IEnumerable<(string Key, string Problem)> FileProblems()
    {
        var (hasCertificate, hasKey) = (File.Exists(Certificate), File.Exists(Key));
        if (Certificate.Length > 0 && !hasCertificate) yield return ("certificate", $"{Certificate} does not exist");
        if (Key.Length > 0 && !hasKey) yield return ("key", $"{Key} does not exist");
        if (hasKey && IsOpenToOthers(Key)) yield return ("key", $"{Key} can be read by others than its owner: chmod 600");
        if (hasCertificate && hasKey && PairProblem() is { } problem) yield return ("certificate", problem);
    }

    /// <returns>Null where none is configured.</returns>
    /// <exception cref="CryptographicException">The files hold no pair.</exception>
    internal SslStreamCertificateContext? Load()
    {
        if (Certificate.Length == 0) return null;
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(Certificate);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(Certificate, Key), chain, offline: true);
    }

    private string? PairProblem()
    {
        try
        {
            Load();
            return null;
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"{Certificate} cannot be used with {Key}: {failure.Message.TrimEnd('.')}";
        }
    }

    private static bool IsOpenToOthers(string file) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & OthersMay) != UnixFileMode.None;
}
