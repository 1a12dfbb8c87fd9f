using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using StackExchange.Redis;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Redis.Records;

/// <summary>
/// What a claim may use, as the script "claim" wants it (Scripts/Shared/traffic.lua): the provider's limits, then each source. Nodes make
/// few offers and use them for every claim, so that each is encoded once.
/// </summary>
internal static class OfferCode
{
    private const int LimitsOctets = 72;
    private const int HeadOctets = 10;

    private static readonly ConditionalWeakTable<TrafficOffer, RedisValue[]> s_encoded = [];

    public static RedisValue[] Encode(TrafficOffer offer) => s_encoded.GetValue(offer, Make);

    private static RedisValue[] Make(TrafficOffer offer) =>
        [offer.Limits == TrafficLimits.None ? RedisValue.EmptyString : Of(offer.Limits), .. offer.Sources.Select(Of)];

    private static RedisValue Of(SourceOffer source)
    {
        if (source == SourceOffer.Default) return RedisValue.EmptyString;
        var (name, plan) = (Encoding.UTF8.GetBytes(source.Source), Encoding.UTF8.GetBytes(source.Warmup?.Name ?? ""));
        var budgets = source.Warmup?.Budgets ?? [];
        var code = new byte[HeadOctets + LimitsOctets + name.Length + plan.Length + 4 * budgets.Count];
        BinaryPrimitives.WriteInt32BigEndian(code, source.Weight);
        BinaryPrimitives.WriteUInt16BigEndian(code.AsSpan(4), (ushort)name.Length);
        BinaryPrimitives.WriteUInt16BigEndian(code.AsSpan(6), (ushort)plan.Length);
        BinaryPrimitives.WriteUInt16BigEndian(code.AsSpan(8), (ushort)budgets.Count);
        Of(source.Limits).CopyTo(code, HeadOctets);
        name.CopyTo(code, HeadOctets + LimitsOctets);
        plan.CopyTo(code, HeadOctets + LimitsOctets + name.Length);
        var rest = code.AsSpan(HeadOctets + LimitsOctets + name.Length + plan.Length);
        for (var i = 0; i < budgets.Count; i++) BinaryPrimitives.WriteInt32BigEndian(rest[(4 * i)..], budgets[i]);
        return code;
    }

    private static byte[] Of(TrafficLimits limits)
    {
        var code = new byte[LimitsOctets];
        BinaryPrimitives.WriteInt32BigEndian(code, limits.Connections ?? 0);
        BinaryPrimitives.WriteInt32BigEndian(code.AsSpan(4), limits.MessagesPerConnection ?? 0);
        Rate?[] rates = [limits.Messages, limits.ConnectionRate, limits.Octets, limits.FirstAttempts];
        for (var i = 0; i < rates.Length; i++)
        {
            var at = code.AsSpan(8 + 16 * i);
            BinaryPrimitives.WriteDoubleBigEndian(at, rates[i]?.Interval ?? 0);
            BinaryPrimitives.WriteDoubleBigEndian(at[8..], rates[i]?.Burst ?? 0);
        }
        return code;
    }
}
