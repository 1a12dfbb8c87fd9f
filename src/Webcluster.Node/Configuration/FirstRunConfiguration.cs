using Webcluster.Node.Configuration.Binding;

namespace Webcluster.Node.Configuration;

/// <summary>
/// What runs where there is no configuration file: a configuration like any other, but for the files in it, which are made. Only loopback
/// addresses and unprivileged ports, and every mail goes to the simulator.
/// </summary>
internal static class FirstRunConfiguration
{
    /// <summary>Stands for the file's name in complaints.</summary>
    public const string Name = "first-run";

    /// <summary>The domain of the mail that the first run suggests to send; it is signed for (RFC 2606 reserves it).</summary>
    public const string SenderDomain = "example.com";

    public const string UserName = "demo";

    public const string CertificateKey = "tls.certificate";
    public const string UsersKey = "submission.auth.users";

    /// <param name="stateFolder">Where relative paths start, unless a variable names another.</param>
    public static string Text(string stateFolder) => $$"""
        node:
          name: localhost.localdomain
          state_folder: "{{stateFolder.Replace("\\", "\\\\").Replace("\"", "\\\"")}}"
        tls:
          certificate: tls/cert.pem
          key: tls/key.pem
        submission:
          listeners:
            - address: 127.0.0.1:2587
            - address: 127.0.0.1:2465
              tls: implicit
          auth:
            users: users
        dkim:
          - {domain: {{SenderDomain}}, selector: rsa, file: dkim/example.com.rsa.pem}
          - {domain: {{SenderDomain}}, selector: ed25519, file: dkim/example.com.ed25519.pem}
        simulator:
          enabled: true
          catch_all: true
          listen: 127.0.0.1:2525
          faults:
            - fault: tls_broken
        """;

    public static string DkimFileKey(int index) => $"dkim[{index}].file";

    /// <summary>The keys whose files are made: those of the text above. What a variable names is the operator's, and is left alone.</summary>
    public static HashSet<string> FilesToMake(NodeOptions options, Func<string, ConfigOrigin> originOf)
    {
        string[] certificate = [CertificateKey, "tls.key"];
        // A made key does not fit a certificate that is there already.
        IEnumerable<string> keys =
            [.. certificate.All(IsOwn) ? certificate : [], UsersKey, .. options.Dkim.Select((_, index) => DkimFileKey(index))];
        return keys.Where(IsOwn).ToHashSet(StringComparer.Ordinal);

        bool IsOwn(string key) => originOf(key) is ConfigOrigin.Line;
    }
}
