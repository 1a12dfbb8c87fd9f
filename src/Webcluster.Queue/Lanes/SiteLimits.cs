namespace Webcluster.Queue.Lanes;

/// <summary>What a site stands, the same for every site for now; claims hold it.</summary>
/// <param name="Connections">Open at once (KumoMTA's shipped default: 10).</param>
/// <param name="MessagesPerConnection">Then the connection is closed (KumoMTA's shipped default: 100).</param>
public sealed record SiteLimits(int Connections = 10, int MessagesPerConnection = 100);
