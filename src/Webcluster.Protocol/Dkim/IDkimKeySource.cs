namespace Webcluster.Protocol.Dkim;

/// <summary>The keys in force. Whoever signs asks each time, so that a reload takes effect with the next message.</summary>
public interface IDkimKeySource
{
    DkimKeyRing Current { get; }
}
