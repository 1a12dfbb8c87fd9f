using System.Text;
using Webcluster.Protocol.Headers;
using Webcluster.Protocol.Units;
using Webcluster.Queue.Messages;

namespace Webcluster.Submission.Acceptance;

/// <summary>The fields that stand in front of what the sender sent: Received always, and what is missing of Date, Message-ID and From.</summary>
internal static class AddedFields
{
    /// <param name="received">The Received field, whole.</param>
    public static byte[] Compose(string received, MessageId id, string hostName, DateTimeOffset now, (HeaderBlock Header, IncomingMessage Message) given)
    {
        var added = new StringBuilder(received, received.Length + 256);
        if (given.Header.Count("Date"u8) == 0) added.Append("Date: ").Append(MailDate.Format(now)).Append("\r\n"); // rfc6409#8.2
        if (given.Header.Count("Message-ID"u8) == 0) added.Append($"Message-ID: <{id}@{hostName}>\r\n"); // rfc6409#8.3
        // rfc5322#3.6: From is mandatory, receivers refuse what has none, and no signature holds without it.
        if (given.Header.Count("From"u8) == 0) added.Append($"From: <{given.Message.ReversePath}>\r\n");
        return Encoding.UTF8.GetBytes(added.ToString());
    }
}
