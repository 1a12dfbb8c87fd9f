using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Buffers;
using Webcluster.Protocol.Headers;
using Webcluster.Protocol.Units;

namespace Webcluster.Submission.Acceptance;

/// <summary>Writes what the sender left out of Date, Message-ID and From.</summary>
internal static class AddedFields
{
    /// <param name="sender">Becomes the author of a message that names none.</param>
    public static void Write(RentedWriter to, in AcceptanceStamp stamp, HeaderBlock header, Mailbox? sender)
    {
        if (header.Count("Date"u8) == 0) to.Write($"Date: {new MailDate(stamp.At)}\r\n"); // rfc6409#8.2
        if (header.Count("Message-ID"u8) == 0) to.Write($"Message-ID: <{stamp.Id.Value}@{stamp.HostName}>\r\n"); // rfc6409#8.3
        // rfc5322#3.6: From is mandatory, receivers refuse what has none, and no signature holds without it.
        if (sender is not null && header.Count("From"u8) == 0) to.Write($"From: <{sender}>\r\n");
    }
}
