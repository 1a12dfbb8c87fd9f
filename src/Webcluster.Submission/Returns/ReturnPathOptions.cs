using Webcluster.Protocol.Addresses;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Policy;

namespace Webcluster.Submission.Returns;

/// <summary>
/// Return paths of this cluster's own, so that reports of failed mail and complaints come back to it (docs/operations/bounces.md).
/// </summary>
public sealed class ReturnPathOptions
{
    /// <summary>
    /// The domain of return paths, whose MX hosts are this cluster's listeners below. Default none: mail keeps its sender's reverse-path.
    /// </summary>
    public string Domain { get; set; } = "";

    /// <summary>Tenants with a domain of their own, so that it fits that of their From (DMARC). Default none.</summary>
    public List<ReturnDomainOptions> Tenants { get; set; } = [];

    /// <summary>What signs return paths; the first signs, all are believed.</summary>
    public List<TokenKeyOptions> Keys { get; set; } = [];

    /// <summary>How long a return path is good for. Default 30d (this project's: late reports come in days, complaints in weeks).</summary>
    public TimeSpan Expiry { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Addresses that take complaints, besides fbl@, abuse@ and postmaster@ of the domains above: those given to feedback loops. Default none.
    /// </summary>
    public List<string> Feedback { get; set; } = [];

    /// <summary>Where reports are taken. Default none: on other nodes.</summary>
    public List<ReturnListenerOptions> Listeners { get; set; } = [];

    /// <summary>What those who bring reports may take of the node.</summary>
    public ReturnLimitOptions Limits { get; set; } = new();

    public bool IsEnabled => Domain.Length > 0;

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (!IsEnabled)
        {
            if (Tenants.Count + Keys.Count + Feedback.Count + Listeners.Count > 0)
                yield return ("domain", "is needed where anything else is given");
            yield break;
        }

        if (!DomainName.TryNormalize(Domain, out _)) yield return ("domain", $"'{Domain}' is no domain name");
        for (var index = 0; index < Tenants.Count; index++)
        {
            var tenant = Tenants[index];
            if (!CredentialText.IsName(tenant.Tenant))
                yield return ($"tenants[{index}].tenant", $"'{tenant.Tenant}' {CredentialText.NotAName}");
            if (Tenants.Take(index).Any(other => other.Tenant == tenant.Tenant))
                yield return ($"tenants[{index}].tenant", $"'{tenant.Tenant}' has a domain already");
            if (!DomainName.TryNormalize(tenant.Domain, out _)) yield return ($"tenants[{index}].domain", $"'{tenant.Domain}' is no domain name");
        }

        foreach (var problem in TokenKeyFiles.Problems(Keys)) yield return problem;
        if (Expiry < TimeSpan.FromDays(1) || Expiry > TimeSpan.FromDays(3650)) yield return ("expiry", "must be from 1d to 3650d");
        for (var index = 0; index < Feedback.Count; index++)
            if (!Mailbox.TryParse(Feedback[index], out _)) yield return ($"feedback[{index}]", $"'{Feedback[index]}' is no address");
        foreach (var problem in SubmissionPolicy.Validate(ToListeners("localhost.localdomain"))) yield return Split(problem);
        for (var index = 0; index < Listeners.Count; index++)
            if (Listeners[index].Tls == ListenerTls.Implicit)
                yield return ($"listeners[{index}].tls", "must be start_tls or none: no mail server begins with TLS");
        if (Limits.MessagesPerMinute <= 0) yield return ("limits.messages_per_minute", "must be more than 0");
    }

    /// <summary>The listeners as those of submission: they speak the same protocol.</summary>
    internal SubmissionOptions ToListeners(string hostName) => new()
    {
        HostName = hostName,
        Listeners = [.. Listeners.Select(listener => listener.ToListener())],
        Limits = new SubmissionLimitOptions
        {
            Connections = Limits.Connections,
            ConnectionsPerAddress = Limits.ConnectionsPerAddress,
            MessageSize = Limits.MessageSize,
            ContentMemory = Limits.ContentMemory,
            Recipients = ReturnLimitOptions.Recipients,
            ContentTime = Limits.ContentTime,
        },
    };

    private static (string, string) Split(string problem)
    {
        var colon = problem.IndexOf(": ", StringComparison.Ordinal);
        return (problem[..colon], problem[(colon + 2)..]);
    }
}
