namespace Webcluster.Node.EventFiles.Formats;

/// <summary>What events do not say themselves.</summary>
/// <param name="Node">Where they do not name theirs.</param>
internal sealed record EventOrigin(string Node, SourceAddresses Sources);
