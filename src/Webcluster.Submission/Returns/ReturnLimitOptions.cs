using Webcluster.Protocol.Units;

namespace Webcluster.Submission.Returns;

/// <summary>What those who bring reports may take of this node. Nobody knows them, so it is less than what senders may.</summary>
public sealed class ReturnLimitOptions
{
    // rfc5321#4.5.3.1.8
    internal const int Recipients = 100;

    /// <summary>Connections open at once. Default 500 (this project's).</summary>
    public int Connections { get; set; } = 500;

    /// <summary>Connections open at once from one IPv4 address or one IPv6 /64. Default 20 (as many as large providers open).</summary>
    public int ConnectionsPerAddress { get; set; } = 20;

    /// <summary>Mails a minute on each node from one IPv4 address or one IPv6 /64; more get 451. Default 600 (this project's).</summary>
    public int MessagesPerMinute { get; set; } = 600;

    /// <summary>Octets of a mail. Default 1MiB (this project's: reports return the header, or all of a small message).</summary>
    public ByteSize MessageSize { get; set; } = ByteSize.FromMebibytes(1);

    /// <summary>Octets of content in memory for all transactions together. Default 64MiB (this project's).</summary>
    public ByteSize ContentMemory { get; set; } = ByteSize.FromMebibytes(64);

    /// <summary>Time for the whole content, besides what its octets take at 500 a second. Default 2m (this project's).</summary>
    public TimeSpan ContentTime { get; set; } = TimeSpan.FromMinutes(2);
}
