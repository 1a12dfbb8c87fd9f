using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Units;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Replies;

namespace Webcluster.Submission.Policy;

/// <summary>
/// The options of submission, checked and parsed. Immutable: sessions keep the one they began with. The nested options in it are what they
/// were when it was made; nobody changes them afterwards.
/// </summary>
public sealed class SubmissionPolicy
{
    // No store numbers more deliveries of one message than 65,536, those that rules make of them included.
    private const int MostRecipients = 50_000;

    private readonly SubmissionOptions _options;

    private SubmissionPolicy(SubmissionOptions options, string hostName, IReadOnlyList<ListenerPolicy> listeners)
    {
        _options = options;
        HostName = hostName;
        Listeners = listeners;
        MessageLifetime = options.MessageLifetime;
        HideClientAddress = options.HideClientAddress;
        Limits = options.Limits;
        Auth = options.Auth;
        Ehlo = new EhloReply(hostName, options.Limits.MessageSize.Octets);
    }

    public string HostName { get; }

    internal IReadOnlyList<ListenerPolicy> Listeners { get; }

    internal TimeSpan MessageLifetime { get; }

    internal bool HideClientAddress { get; }

    internal SubmissionLimitOptions Limits { get; }

    internal AuthOptions Auth { get; }

    internal EhloReply Ehlo { get; }

    /// <summary>Everything that is wrong with the options, each as "path: what"; empty where nothing is.</summary>
    public static IReadOnlyList<string> Validate(SubmissionOptions options)
    {
        TryCreate(options, out var errors);
        return errors;
    }

    /// <exception cref="ArgumentException">The options are wrong; the message has all errors.</exception>
    public static SubmissionPolicy Create(SubmissionOptions options) =>
        TryCreate(options, out var errors) ?? throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));

    /// <summary>The same for listeners that take mail from anybody: whoever accepts it must not send it on.</summary>
    internal SubmissionPolicy ForStrangers() => new(_options, HostName, [.. Listeners.Select(listener => listener.ForStrangers())]);

    private static SubmissionPolicy? TryCreate(SubmissionOptions options, out List<string> errors)
    {
        errors = [];
        var given = options.HostName.Length == 0 ? Environment.MachineName : options.HostName;
        if (!DomainName.TryNormalize(given, out var hostName)) errors.Add($"host_name: '{given}' is no domain name");
        var listeners = new List<ListenerPolicy>();
        for (var index = 0; index < options.Listeners.Count; index++)
            if (ListenerPolicy.Create(options.Listeners[index], $"listeners[{index}]", errors) is { } listener) listeners.Add(listener);
        Positive(errors, "message_lifetime", options.MessageLifetime);
        CheckLimits(options.Limits, errors);
        CheckAuth(options.Auth, errors);
        return errors.Count == 0 ? new SubmissionPolicy(options, hostName, listeners) : null;
    }

    private static void CheckLimits(SubmissionLimitOptions limits, List<string> errors)
    {
        Positive(errors, "limits.connections", limits.Connections);
        Positive(errors, "limits.connections_per_address", limits.ConnectionsPerAddress);
        Between(errors, "limits.message_size", limits.MessageSize, 64 * 1024, 1L << 30); // rfc5321#4.5.3.1.7
        Between(errors, "limits.content_memory", limits.ContentMemory, limits.MessageSize.Octets, 1L << 40);
        if (limits.Recipients < 100) errors.Add("limits.recipients: must be at least 100 (RFC 5321)"); // rfc5321#4.5.3.1.8
        if (limits.Recipients > MostRecipients) errors.Add($"limits.recipients: must be at most {MostRecipients}");
        Between(errors, "limits.command_line", limits.CommandLine, 512, 12 * 1024); // rfc5321#4.5.3.1.4
        if (limits.RecipientOvershoot < 0) errors.Add("limits.recipient_overshoot: must not be negative");
        Positive(errors, "limits.chunks", limits.Chunks);
        Positive(errors, "limits.errors", limits.Errors);
        Positive(errors, "limits.junk_commands", limits.JunkCommands);
        Positive(errors, "limits.command_time", limits.CommandTime);
        Positive(errors, "limits.login_time", limits.LoginTime);
        Positive(errors, "limits.proxy_header_time", limits.ProxyHeaderTime);
        Positive(errors, "limits.handshake_time", limits.HandshakeTime);
        Positive(errors, "limits.content_idle_time", limits.ContentIdleTime);
        Positive(errors, "limits.content_time", limits.ContentTime);
        Positive(errors, "limits.content_rate", limits.ContentRate.Octets);
        Positive(errors, "limits.write_time", limits.WriteTime);
        Positive(errors, "limits.drain_time", limits.DrainTime);
    }

    private static void CheckAuth(AuthOptions auth, List<string> errors)
    {
        if (auth.Users.Length == 0) errors.Add("auth.users: must not be empty");
        if (auth.HashesAtOnce < 0) errors.Add("auth.hashes_at_once: must not be negative");
        if (auth.HashesWaiting < 0) errors.Add("auth.hashes_waiting: must not be negative");
        Positive(errors, "auth.verified_time", auth.VerifiedTime);
        Positive(errors, "auth.verified_most", auth.VerifiedMost);
        Positive(errors, "auth.failures_per_session", auth.FailuresPerSession);
        Positive(errors, "auth.failures_per_address", auth.FailuresPerAddress);
        if (auth.FailureDelay < TimeSpan.Zero) errors.Add("auth.failure_delay: must not be negative");
        if (auth.FailureDelayMost < auth.FailureDelay) errors.Add("auth.failure_delay_most: must not be less than failure_delay");
    }

    private static void Positive(List<string> errors, string path, long value)
    {
        if (value <= 0) errors.Add($"{path}: must be more than 0");
    }

    // A timer takes no more than 49 days.
    private static void Positive(List<string> errors, string path, TimeSpan value)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(30)) errors.Add($"{path}: must be more than 0 and at most 30d");
    }

    private static void Between(List<string> errors, string path, ByteSize value, long least, long most)
    {
        if (value.Octets < least || value.Octets > most) errors.Add($"{path}: must be from {new ByteSize(least)} to {new ByteSize(most)}");
    }
}
