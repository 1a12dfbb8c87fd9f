using Webcluster.Submission.Auth;
using Webcluster.Submission.Policy;

namespace Webcluster.Submission.Unsubscribing;

/// <summary>Links by which recipients get no more mail (RFC 8058, docs/operations/bounces.md).</summary>
public sealed class UnsubscribeOptions
{
    /// <summary>
    /// Where the world reaches this cluster's /unsubscribe/ over HTTPS, without that path: https://mail.example.com. Default none: no mail gets
    /// links.
    /// </summary>
    public string Url { get; set; } = "";

    /// <summary>
    /// Tenants whose mail gets links unless it says otherwise (X-WC-Unsubscribe); "*" is all. Default none: mail that asks for them.
    /// </summary>
    public List<string> Tenants { get; set; } = [];

    /// <summary>What signs the links; the first signs, all are believed.</summary>
    public List<TokenKeyOptions> Keys { get; set; } = [];

    /// <summary>How long a link is good for. Default 1095d (this project's: mail is kept for years).</summary>
    public TimeSpan Expiry { get; set; } = TimeSpan.FromDays(1095);

    /// <summary>
    /// "ip:port" that answers /unsubscribe/ and nothing else, for the world. Default none: only the operators' listener answers it (`http`),
    /// for a proxy in front of it.
    /// </summary>
    public string Listen { get; set; } = "";

    /// <summary>Speak TLS there, with the certificate of `tls`. Default false: a proxy in front does.</summary>
    public bool Tls { get; set; }

    /// <summary>
    /// Requests a minute on each node from one IPv4 address or one IPv6 /64; more get 429. Default 600 (this project's: large providers
    /// unsubscribe for many people from few addresses; a proxy in front counts as one).
    /// </summary>
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>Connections open at once to `listen`; more are closed. Default 500 (this project's, as for return_path).</summary>
    public int Connections { get; set; } = 500;

    /// <summary>
    /// Connections open at once to `listen` from one IPv4 address or one IPv6 /64; more are closed. Default 100 (this project's:
    /// large providers unsubscribe for many people from few addresses; a proxy in front counts as one).
    /// </summary>
    public int ConnectionsPerAddress { get; set; } = 100;

    public bool IsEnabled => Url.Length > 0;

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (!IsEnabled)
        {
            if (Listen.Length > 0 || Tenants.Count > 0 || Keys.Count > 0) yield return ("url", "is needed where anything else is given");
            yield break;
        }

        // rfc8058#3: HTTPS it is, and a line of the header must hold it with its token.
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps || url.Query.Length > 0
            || url.Fragment.Length > 0 || url.UserInfo.Length > 0 || Url.Length > 200 || Url.AsSpan().ContainsAnyExceptInRange('!', '~')
            || Url.AsSpan().ContainsAny("<>,\""))
            yield return ("url", $"'{Url}' is no address such as https://mail.example.com");
        for (var index = 0; index < Tenants.Count; index++)
            if (Tenants[index] != "*" && !CredentialText.IsName(Tenants[index]))
                yield return ($"tenants[{index}]", $"'{Tenants[index]}' {CredentialText.NotAName}");
        foreach (var problem in TokenKeyFiles.Problems(Keys)) yield return problem;
        if (Expiry < TimeSpan.FromDays(30) || Expiry > TimeSpan.FromDays(36500))
            yield return ("expiry", "must be from 30d to 36500d"); // laws ask for at least 30 days
        if (RequestsPerMinute <= 0) yield return ("requests_per_minute", "must be more than 0");
        if (Connections <= 0) yield return ("connections", "must be more than 0");
        if (ConnectionsPerAddress <= 0) yield return ("connections_per_address", "must be more than 0");
    }
}
