using System.Text;
using Webcluster.Queue.Lanes;

namespace Webcluster.Queue.Redis.Records;

/// <summary>A flow as part of keys and records: the digit of its class, which puts the more urgent first at equal virtual time, and the
/// tenant.</summary>
internal static class FlowCode
{
    public static byte[] Encode(FlowKey flow) => [(byte)('0' + (int)flow.Class), .. Encoding.UTF8.GetBytes(flow.Tenant)];

    /// <returns>Null where it is no flow.</returns>
    public static FlowKey? Decode(ReadOnlySpan<byte> code) => code is [>= (byte)'0' and <= (byte)'2' and var digit, .. var tenant]
        ? new FlowKey((MailClass)(digit - '0'), Encoding.UTF8.GetString(tenant))
        : null;
}
