namespace Webcluster.Submission.Tls;

/// <summary>What a handshake agreed on, as people write it: "TLSv1.3", "TLS_AES_256_GCM_SHA384".</summary>
public sealed record TlsParameters(string Protocol, string Cipher);
