namespace Webcluster.Protocol.Dns;

/// <summary>
/// A name and a type, class IN. Comparable when <paramref name="Name"/> came from <see cref="DnsName.TryNormalize"/> or a parsed
/// message.
/// </summary>
public readonly record struct DnsQuestion(string Name, DnsType Type);
