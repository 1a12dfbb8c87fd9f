using System.Diagnostics;
using System.Net;

namespace Webcluster.Delivery.Dns;

/// <summary>Makes one answer of those for the two address families.</summary>
internal static class AddressAnswer
{
    /// <param name="answers">At least one, in the order that their records shall have.</param>
    public static DnsAnswer<IPAddress> Combine(IReadOnlyList<DnsAnswer<IPAddress>> answers) => new(
        answers.MinBy(a => Rank(a.Status))!.Status,
        [.. answers.SelectMany(a => a.Records)],
        // The shortest time, so that a family that failed is asked again soon.
        answers.Min(a => a.Ttl),
        IsAuthentic(answers))
    {
        IsPartial = answers.Any(a => a.IsTemporary),
    };

    /// <summary>Of what is used. A family that could not be asked adds nothing: else who spoils its answers turns off DANE.</summary>
    private static bool IsAuthentic(IReadOnlyList<DnsAnswer<IPAddress>> answers) =>
        answers.Any(a => !a.IsTemporary) && answers.All(a => a.IsTemporary || a.Authenticated);

    /// <summary>What one family says decides over what the other says, lower first. A name that does not exist has neither.</summary>
    private static int Rank(DnsStatus status) => status switch
    {
        DnsStatus.Found => 0,
        DnsStatus.NameError => 1,
        DnsStatus.ServerFailure => 2,
        DnsStatus.TimedOut => 3,
        DnsStatus.NoData => 4,
        _ => throw new UnreachableException(),
    };
}
