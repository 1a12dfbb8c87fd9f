using System.Net;
using System.Net.Sockets;
using Webcluster.Protocol.Buffers;
using Webcluster.Protocol.Units;

namespace Webcluster.Submission.Acceptance;

/// <summary>Writes the Received field (RFC 5321 §4.4). The name a user authenticated with does not stand in it.</summary>
internal static class ReceivedField
{
    /// <param name="smtpUtf8">The message needs SMTPUTF8.</param>
    /// <param name="hideClient">Leave the client's name and address out.</param>
    public static void Write(RentedWriter to, in AcceptanceStamp stamp, IncomingMessage message, bool smtpUtf8, bool hideClient)
    {
        var origin = message.Origin;
        to.Write("Received: from "u8);
        if (hideClient) to.Write("localhost"u8);
        else WriteClient(to, origin);
        to.Write($"\r\n\tby {stamp.HostName} with {Protocol(origin, smtpUtf8)} id {stamp.Id.Value}");
        if (origin.Tls is { } tls) to.Write($"\r\n\t(using {tls.Protocol} with cipher {tls.Cipher})");
        // rfc5321#7.6: naming one of several recipients would disclose it to the others.
        if (message.Recipients.Count == 1) to.Write($"\r\n\tfor <{message.Recipients[0].Address}>");
        to.Write($";\r\n\t{new MailDate(stamp.At)}\r\n");
    }

    // rfc3848#3, rfc6531#4.3
    private static string Protocol(SubmissionOrigin origin, bool smtpUtf8) => (origin.Tls is not null, origin.IsAuthenticated) switch
    {
        _ when !origin.IsExtended => "SMTP",
        (true, true) => smtpUtf8 ? "UTF8SMTPSA" : "ESMTPSA",
        (true, false) => smtpUtf8 ? "UTF8SMTPS" : "ESMTPS",
        (false, true) => smtpUtf8 ? "UTF8SMTPA" : "ESMTPA",
        (false, false) => smtpUtf8 ? "UTF8SMTP" : "ESMTP",
    };

    // rfc5321#4.1.3: made anew from the octets, because a link-local address may carry its interface.
    private static void WriteClient(RentedWriter to, SubmissionOrigin origin)
    {
        if (origin.Address.AddressFamily == AddressFamily.InterNetworkV6)
            to.Write($"{origin.HelloName} ([IPv6:{new IPAddress(origin.Address.GetAddressBytes())}])");
        else
            to.Write($"{origin.HelloName} ([{origin.Address}])");
    }
}
