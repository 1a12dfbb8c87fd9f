using Webcluster.Protocol.Units;

namespace Webcluster.Submission.Policy;

/// <summary>What one client, and all of them, may take of this node.</summary>
public sealed class SubmissionLimitOptions
{
    /// <summary>
    /// Connections open at once, over all listeners. Default 10000 (this project's: what the default descriptor limit of a service leaves
    /// room for).
    /// </summary>
    public int Connections { get; set; } = 10_000;

    /// <summary>
    /// Connections open at once from one IPv4 address or one IPv6 /64; trusted networks are exempt. Default 1000 (this project's: the pool
    /// of a large application server).
    /// </summary>
    public int ConnectionsPerAddress { get; set; } = 1_000;

    /// <summary>
    /// Octets of a message, as advertised with SIZE. Default 35MiB (25 MB of attachments after base64, as large providers allow).
    /// </summary>
    public ByteSize MessageSize { get; set; } = ByteSize.FromMebibytes(35);

    /// <summary>
    /// Octets of content in memory for all transactions together; beyond it 452 at DATA. Default 256MiB (this project's).
    /// </summary>
    public ByteSize ContentMemory { get; set; } = ByteSize.FromMebibytes(256);

    /// <summary>
    /// Recipients of one transaction; more get 452. Default 1000 (Postfix smtpd_recipient_limit; RFC 5321 §4.5.3.1.8 asks for at least
    /// 100); 50000 at most, which any store takes of one message.
    /// </summary>
    public int Recipients { get; set; } = 1_000;

    /// <summary>
    /// Recipients refused for being too many before each further one counts as an error. Default 1000 (Postfix
    /// smtpd_recipient_overshoot_limit).
    /// </summary>
    public int RecipientOvershoot { get; set; } = 1_000;

    /// <summary>Chunks (BDAT) of one message. Default 10000 (this project's: 35 MiB in chunks of 4 KiB).</summary>
    public int Chunks { get; set; } = 10_000;

    /// <summary>
    /// Octets of a command line. Default 2KiB (Postfix line_length_limit; RFC 5321 §4.5.3.1.4 asks for 512 and more with extensions). AUTH
    /// always has 12,288 (RFC 4954 §4).
    /// </summary>
    public ByteSize CommandLine { get; set; } = new(2048);

    /// <summary>Refused commands since the last accepted message; then 421. Default 20 (Postfix smtpd_hard_error_limit).</summary>
    public int Errors { get; set; } = 20;

    /// <summary>
    /// NOOP, RSET, VRFY, HELP, EHLO and the like since the last accepted message; then 421. Default 100 (Postfix
    /// smtpd_junk_command_limit).
    /// </summary>
    public int JunkCommands { get; set; } = 100;

    /// <summary>Time for a whole command line to come. Default 5m (RFC 5321 §4.5.3.2.7).</summary>
    public TimeSpan CommandTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time from connect until the client has authenticated or is done. Default 2m (OpenSSH LoginGraceTime).</summary>
    public TimeSpan LoginTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Time for the PROXY protocol header to come, where one is required. Default 10s (this project's; the specification asks for at least
    /// 3s).
    /// </summary>
    public TimeSpan ProxyHeaderTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for the TLS handshake. Default 30s (this project's).</summary>
    public TimeSpan HandshakeTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time without any octet while content is awaited. Default 3m (RFC 5321 §4.5.3.2.5).</summary>
    public TimeSpan ContentIdleTime { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Time for the whole content, besides what its octets, as many as message_size at most, take at the lowest rate. Default 5m (this
    /// project's).
    /// </summary>
    public TimeSpan ContentTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The lowest rate of content in octets a second that the client may keep up for longer than content_time. Default 500 (Postfix
    /// smtpd_min_data_rate).
    /// </summary>
    public ByteSize ContentRate { get; set; } = new(500);

    /// <summary>Time for the client to take a reply. Default 1m (this project's).</summary>
    public TimeSpan WriteTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Time for the next command of an open transaction once the node is stopping. Default 5s (this project's).</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);
}
