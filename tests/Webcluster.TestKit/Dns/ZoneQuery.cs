using Webcluster.Protocol.Dns;

namespace Webcluster.TestKit.Dns;

/// <summary>A question as the server saw it.</summary>
public sealed record ZoneQuery(ushort Id, string Name, DnsType Type, bool OverTcp, bool HasEdns, bool WantsAuthenticData, int SourcePort);
