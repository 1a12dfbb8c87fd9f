namespace Webcluster.Submission.Auth;

/// <summary>How passwords are checked, and what failing costs.</summary>
public sealed class AuthOptions
{
    /// <summary>
    /// The file of users, one a line: name:tenant:hash:senders[:class]. Written by `webcluster user`, which keeps its owner and mode; the
    /// user that the node runs as must be able to read it. A change is seen within a second, also in sessions that are open: at MAIL
    /// whoever has another password gets 421, and whoever is removed, a second later. Default "users".
    /// </summary>
    public string Users { get; set; } = "users";

    /// <summary>
    /// Passwords hashed at once; 0: half of the processors. Default 0 (this project's: the other half keeps mail moving).
    /// </summary>
    public int HashesAtOnce { get; set; }

    /// <summary>Authentications that may wait for a hash; more get 454. Default 32 (this project's).</summary>
    public int HashesWaiting { get; set; } = 32;

    /// <summary>How long a verified password is not hashed again. Default 10m (this project's).</summary>
    public TimeSpan VerifiedTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Verified passwords remembered. Default 10000 (this project's).</summary>
    public int VerifiedMost { get; set; } = 10_000;

    /// <summary>Failures in one session; then 421. Default 5 (this project's: a person's typing errors).</summary>
    public int FailuresPerSession { get; set; } = 5;

    /// <summary>
    /// Failures a minute from one IPv4 address or one IPv6 /64, at all nodes of a shared queue together (each node hears one more before it
    /// knows); more get 421 unheard. Default 10 (mox).
    /// </summary>
    public int FailuresPerAddress { get; set; } = 10;

    /// <summary>
    /// The wait before the answer to a first failure; it doubles with each further one of the same address or user. Default 250ms (this
    /// project's).
    /// </summary>
    public TimeSpan FailureDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest such wait. Default 5s (this project's).</summary>
    public TimeSpan FailureDelayMost { get; set; } = TimeSpan.FromSeconds(5);
}
