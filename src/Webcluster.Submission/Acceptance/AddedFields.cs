using System.Text;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Headers;
using Webcluster.Protocol.Units;

namespace Webcluster.Submission.Acceptance;

/// <summary>
/// The fields that stand in front of what the sender sent: Received always, and what is missing of Date, Message-ID and From.
/// </summary>
internal static class AddedFields
{
    /// <param name="received">The Received field, whole.</param>
    /// <param name="sender">Becomes the author of a message that names none.</param>
    public static byte[] Compose(in AcceptanceStamp stamp, string received, HeaderBlock header, Mailbox? sender)
    {
        var added = new StringBuilder(received, received.Length + 256);
        if (header.Count("Date"u8) == 0) added.Append("Date: ").Append(MailDate.Format(stamp.At)).Append("\r\n"); // rfc6409#8.2
        if (header.Count("Message-ID"u8) == 0) added.Append($"Message-ID: <{stamp.Id}@{stamp.HostName}>\r\n"); // rfc6409#8.3
        // rfc5322#3.6: From is mandatory, receivers refuse what has none, and no signature holds without it.
        if (header.Count("From"u8) == 0) added.Append($"From: <{sender}>\r\n");
        return Encoding.UTF8.GetBytes(added.ToString());
    }
}
