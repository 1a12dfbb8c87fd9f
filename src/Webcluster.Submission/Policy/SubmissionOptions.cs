using Webcluster.Submission.Auth;

namespace Webcluster.Submission.Policy;

/// <summary>How this node takes mail over SMTP.</summary>
public sealed class SubmissionOptions
{
    /// <summary>The name in the greeting, in Received and in Message-ID; a domain name. Default node.name.</summary>
    public string HostName { get; set; } = "";

    /// <summary>The addresses to listen on. Default none.</summary>
    public List<SubmissionListenerOptions> Listeners { get; set; } = [];

    /// <summary>How long delivery is tried before the message fails. Default 5d (RFC 5321 §4.5.4.1: four to five days).</summary>
    public TimeSpan MessageLifetime { get; set; } = TimeSpan.FromDays(5);

    /// <summary>Leave the client's name and address out of Received. Default false (RFC 5321 §4.4 wants them).</summary>
    public bool HideClientAddress { get; set; }

    /// <summary>What clients may take of the node.</summary>
    public SubmissionLimitOptions Limits { get; set; } = new();

    /// <summary>Passwords and failures.</summary>
    public AuthOptions Auth { get; set; } = new();
}
