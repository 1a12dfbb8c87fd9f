namespace Webcluster.Protocol.Dkim;

/// <summary>Takes the canonical form, piece by piece.</summary>
internal interface ICanonicalSink
{
    void Append(ReadOnlySpan<byte> octets);
}
