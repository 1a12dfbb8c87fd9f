using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles.Formats;

/// <summary>
/// A name for an event, made from what it says: the same line shipped twice has the same, and no other event has it. It is not the id in the
/// event log, which the store gives.
/// </summary>
internal static class EventIdentity
{
    private const int Octets = 16;

    public static string Of(MailEvent one)
    {
        string?[] said =
        [
            one.Kind.ToString(), one.At.UtcTicks.ToString(CultureInfo.InvariantCulture), one.Message, one.Recipient, one.Provider, one.Site,
            one.Source, one.Attempt?.ToString(CultureInfo.InvariantCulture), one.Reason,
        ];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', said)), hash);
        return Convert.ToHexStringLower(hash[..Octets]);
    }
}
