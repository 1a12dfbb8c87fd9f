using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Webcluster.Protocol.Dkim;

namespace Webcluster.EndToEnd.Harness;

/// <summary>What a node of a test is configured with: a listener for each way in, one user, two DKIM keys for example.com, one route for
/// all mail.</summary>
internal sealed record NodeSettings
{
    public const string User = "app", Password = "correct horse battery staple";

    private readonly TemporaryFolder _folder;

    public NodeSettings(TemporaryFolder folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder.PathOf("node"));
        DkimRecords =
        [
            MakeKey("rsa", DkimAlgorithm.RsaSha256),
            MakeKey("ed", DkimAlgorithm.Ed25519Sha256),
        ];
        MakeCertificate();
    }

    public int StartTlsPort { get; } = Ports.Free();

    public int ImplicitTlsPort { get; } = Ports.Free();

    /// <summary>No TLS, no AUTH: for smtp-source, which knows neither.</summary>
    public int TrustedPort { get; } = Ports.Free();

    public int HttpPort { get; } = Ports.Free();

    public string AdminTokenFile => _folder.PathOf("node/state/admin-token");

    public string CertificateFile => _folder.PathOf("node/cert.pem");

    public string CertificateKeyFile => _folder.PathOf("node/key.pem");

    /// <summary>Selector and TXT record of the keys for example.com.</summary>
    public IReadOnlyList<(string Selector, string Record)> DkimRecords { get; }

    /// <summary>The DKIM keys as lines of a zone file.</summary>
    public IEnumerable<string> DkimZone() => DkimRecords.Select(key => Unbound.DkimRecord(key.Selector, "example.com", key.Record));

    /// <summary>Where all mail goes; null: to its MX hosts.</summary>
    public int? RouteTo { get; init; }

    /// <summary>How long delivery is tried.</summary>
    public string Lifetime { get; init; } = "5d";

    public string Name { get; init; } = "node.example.com";

    public string DrainDelay { get; init; } = "0s";

    /// <summary>Further listeners, as YAML.</summary>
    public string ListenersMore { get; init; } = "";

    /// <summary>Further sections, as YAML.</summary>
    public string More { get; init; } = "";

    public string QueueFolder { get; init; } = "queue";

    /// <summary>One more line of the queue section.</summary>
    public string QueueMore { get; init; } = "";

    public string Write() => _folder.Write("node/webcluster.yaml", $"""
        node:
          name: {Name}
          state_folder: state
          drain_delay: {DrainDelay}
        http:
          listen: 127.0.0.1:{HttpPort}
        tls:
          certificate: cert.pem
          key: key.pem
          reload_interval: 1s
        submission:
          message_lifetime: {Lifetime}
          listeners:
            - address: 127.0.0.1:{StartTlsPort}
              tls: start_tls
            - address: 127.0.0.1:{ImplicitTlsPort}
              tls: implicit
            - address: 127.0.0.1:{TrustedPort}
              tls: none
              trusted: [127.0.0.0/8]
        {ListenersMore}
          auth:
            users: users
        queue:
          folder: {QueueFolder}
          {QueueMore}
        dkim:
          - domain: example.com
            selector: rsa
            file: rsa.pem
          - domain: example.com
            selector: ed
            file: ed.pem
        {(RouteTo is { } port ? $"routes:\n  - match: '*'\n    hosts: ['127.0.0.1:{port}']\n" : "")}
        {More}
        """);

    private (string, string) MakeKey(string selector, DkimAlgorithm algorithm)
    {
        var pem = DkimKey.GeneratePem(algorithm);
        var file = _folder.Write($"node/{selector}.pem", pem);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var key = DkimKey.FromPem("example.com", selector, pem, out var error) ?? throw new InvalidOperationException(error);
        return (selector, key.DnsRecord);
    }

    private void MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        _folder.Write("node/cert.pem", certificate.ExportCertificatePem());
        var file = _folder.Write("node/key.pem", key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
