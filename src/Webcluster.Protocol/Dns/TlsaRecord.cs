namespace Webcluster.Protocol.Dns;

/// <summary>One TLSA record (RFC 6698 §2.1), as published: usage, selector and matching type may have values nobody knows.</summary>
public sealed record TlsaRecord(byte Usage, byte Selector, byte MatchingType, ReadOnlyMemory<byte> Data);
