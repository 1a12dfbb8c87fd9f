namespace Webcluster.Node.EventFiles.Formats;

/// <summary>What an event says of TLS, "TLSv1.3 with TLS_AES_256_GCM_SHA384", in parts.</summary>
internal readonly record struct TlsWords(string? Protocol, string? Cipher)
{
    private const string Between = " with ";
    private const string Tls = "TLSv";

    /// <summary>"1.3"</summary>
    public string? Version => Protocol?.StartsWith(Tls, StringComparison.Ordinal) == true ? Protocol[Tls.Length..] : Protocol;

    public static TlsWords Of(string? text)
    {
        if (text is null) return default;
        var at = text.IndexOf(Between, StringComparison.Ordinal);
        return at < 0 ? new TlsWords(text, null) : new TlsWords(text[..at], text[(at + Between.Length)..]);
    }
}
