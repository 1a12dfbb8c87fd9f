using System.Text;

namespace Webcluster.Submission.Replies;

/// <summary>The reply to EHLO (RFC 5321 §4.1.1.1): one of six, made once.</summary>
internal sealed class EhloReply
{
    private readonly byte[][] _variants;

    public EhloReply(string hostName, long messageSize) =>
        _variants =
        [
            Compose(hostName, messageSize, tls: null, auth: false), Compose(hostName, messageSize, tls: null, auth: true),
            Compose(hostName, messageSize, "STARTTLS", auth: false), Compose(hostName, messageSize, "STARTTLS", auth: true),
            Compose(hostName, messageSize, "REQUIRETLS", auth: false), Compose(hostName, messageSize, "REQUIRETLS", auth: true),
        ];

    /// <param name="underTls">Then there is no STARTTLS, but REQUIRETLS.</param>
    public ReadOnlySpan<byte> Bytes(bool startTls, bool underTls, bool auth) =>
        _variants[(underTls ? 4 : startTls ? 2 : 0) + (auth ? 1 : 0)];

    // rfc8689#3: REQUIRETLS is offered under TLS only.
    private static byte[] Compose(string hostName, long messageSize, string? tls, bool auth)
    {
        List<string> lines = [hostName, "PIPELINING", $"SIZE {messageSize}", "8BITMIME", "SMTPUTF8", "CHUNKING", "DSN"];
        if (tls is not null) lines.Add(tls);
        if (auth) lines.Add("AUTH PLAIN LOGIN");
        lines.Add("ENHANCEDSTATUSCODES");
        var text = new StringBuilder();
        for (var index = 0; index < lines.Count; index++)
            text.Append("250").Append(index == lines.Count - 1 ? ' ' : '-').Append(lines[index]).Append("\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
