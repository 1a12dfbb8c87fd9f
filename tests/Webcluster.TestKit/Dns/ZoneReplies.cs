using Webcluster.Protocol.Dns;

namespace Webcluster.TestKit.Dns;

/// <summary>What is sent for a question, by behaviour: lies first, then the true answer, if any.</summary>
internal static class ZoneReplies
{
    /// <summary>The address that every lie gives.</summary>
    private const string ForgedAddress = "203.0.113.66";

    public static IEnumerable<byte[]> For(ZoneQuery query, ZoneBehaviour behaviour, Zone zone)
    {
        var truth = zone.Answer(query, behaviour.HasFlag(ZoneBehaviour.AliasOnly));
        var lie = truth with { Code = DnsResponseCode.NoError, Answers = [new ZoneRecord(query.Name, DnsType.A, ForgedAddress, 300)],
            Authorities = [] };
        if (behaviour.HasFlag(ZoneBehaviour.LieId)) yield return ZoneWire.Write(lie with { Id = (ushort)(query.Id ^ 1) });
        if (behaviour.HasFlag(ZoneBehaviour.LieQuestion)) yield return ZoneWire.Write(lie with { Question = lie.Question
            with { Name = "x." + query.Name } });
        if (behaviour.HasFlag(ZoneBehaviour.Garbage)) yield return [1, 2, 3];
        if (behaviour.HasFlag(ZoneBehaviour.Silent) || (query.OverTcp && behaviour.HasFlag(ZoneBehaviour.CloseTcp))) yield break;
        yield return ZoneWire.Write(Bend(truth, query, behaviour));
    }

    private static ZoneReply Bend(ZoneReply truth, ZoneQuery query, ZoneBehaviour behaviour)
    {
        if (query.HasEdns && behaviour.HasFlag(ZoneBehaviour.RefuseEdns))
            return truth with { Code = DnsResponseCode.FormatError, Answers = [], Authorities = [], HasQuestion = false };
        if (behaviour.HasFlag(query.OverTcp ? ZoneBehaviour.TruncateTcp : ZoneBehaviour.Truncate))
            return truth with { Answers = [], Authorities = [], Truncated = true };
        if (behaviour.HasFlag(ZoneBehaviour.ServerFailure)) return truth
            with { Code = DnsResponseCode.ServerFailure, Answers = [], Authorities = [] };
        if (behaviour.HasFlag(ZoneBehaviour.Refuse)) return truth with { Code = DnsResponseCode.Refused, Answers = [], Authorities = [] };
        if (behaviour.HasFlag(ZoneBehaviour.Refer))
            return truth
                with { Code = DnsResponseCode.NoError, Answers = [], Authorities = [new ZoneRecord("test", DnsType.Ns, "ns.test", 300)] };
        return truth with { AuthenticData = query.WantsAuthenticData && behaviour.HasFlag(ZoneBehaviour.Authentic) };
    }
}
