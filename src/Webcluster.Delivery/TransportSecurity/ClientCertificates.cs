using System.Net.Security;

namespace Webcluster.Delivery.TransportSecurity;

/// <summary>The certificates that servers are shown where they ask, each loaded once. Thread-safe.</summary>
/// <param name="common">Shown where nothing more specific is said; null: none.</param>
internal sealed class ClientCertificates(ClientCertificateOptions? common)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string, string), SslStreamCertificateContext?> _loaded = [];

    /// <summary>Bounded by the configuration, whose files were tried at start.</summary>
    /// <param name="own">What is said for the destination; null: nothing.</param>
    public SslStreamCertificateContext? Of(ClientCertificateOptions? own)
    {
        if ((own ?? common) is not { } shown) return null;
        lock (_gate)
        {
            if (_loaded.TryGetValue((shown.Certificate, shown.Key), out var known)) return known;
            return _loaded[(shown.Certificate, shown.Key)] = shown.Load();
        }
    }
}
