using System.Text;

namespace Webcluster.Submission.Replies;

/// <summary>The reply to EHLO (RFC 5321 §4.1.1.1): one of four, made once.</summary>
internal sealed class EhloReply
{
    private readonly byte[][] _variants;

    public EhloReply(string hostName, long messageSize) =>
        _variants =
        [
            Compose(hostName, messageSize, startTls: false, auth: false), Compose(hostName, messageSize, startTls: false, auth: true),
            Compose(hostName, messageSize, startTls: true, auth: false), Compose(hostName, messageSize, startTls: true, auth: true),
        ];

    public ReadOnlySpan<byte> Bytes(bool startTls, bool auth) => _variants[(startTls ? 2 : 0) + (auth ? 1 : 0)];

    private static byte[] Compose(string hostName, long messageSize, bool startTls, bool auth)
    {
        List<string> lines = [hostName, "PIPELINING", $"SIZE {messageSize}", "8BITMIME", "SMTPUTF8", "CHUNKING", "DSN"];
        if (startTls) lines.Add("STARTTLS");
        if (auth) lines.Add("AUTH PLAIN LOGIN");
        lines.Add("ENHANCEDSTATUSCODES");
        var text = new StringBuilder();
        for (var index = 0; index < lines.Count; index++)
            text.Append("250").Append(index == lines.Count - 1 ? ' ' : '-').Append(lines[index]).Append("\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
