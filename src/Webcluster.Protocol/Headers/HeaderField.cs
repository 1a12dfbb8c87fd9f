namespace Webcluster.Protocol.Headers;

/// <summary>
/// One header field as it stands in the message: octets <see cref="Start"/> to <see cref="End"/>, its last CRLF included.
/// </summary>
public readonly record struct HeaderField(int Start, int NameLength, int End);
