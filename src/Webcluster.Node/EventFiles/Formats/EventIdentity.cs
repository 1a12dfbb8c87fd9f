using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles.Formats;

/// <summary>
/// A name for an event, made from what it says: the same line shipped twice has the same, and no other event has it. It is not the id in the event
/// log, which is given to an event after it has happened.
/// </summary>
internal static class EventIdentity
{
    private const int Octets = 16;

    public static string Of(MailEvent one)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{one.Kind}\0{one.At.UtcTicks}\0{one.Message}\0{one.Recipient}\0{one.Provider}\0{one.Site}\0{one.Source}\0{one.Attempt}\0{one.Reason}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash[..Octets]);
    }
}
