namespace Webcluster.Delivery.TransportSecurity.TlsReporting;

/// <summary>What was counted of one domain on one day (UTC): the stored form, so its names are frozen.</summary>
internal sealed record DomainTally(DateOnly Day, string Domain)
{
    public List<PolicyTally> Policies { get; init; } = [];
}

/// <summary>Under one policy of the domain.</summary>
/// <param name="Type">"sts", "tlsa" or "no-policy-found" (RFC 8460 §4.2).</param>
/// <param name="Policy">Its text, line by line.</param>
internal sealed record PolicyTally(string Type, IReadOnlyList<string> Policy, IReadOnlyList<string> MxHosts)
{
    public long Successes { get; set; }

    public List<FailureTally> Failures { get; init; } = [];

    public bool Is(string type, IReadOnlyList<string> policy) => Type == type && Policy.SequenceEqual(policy, StringComparer.Ordinal);
}

/// <summary>One way of failing.</summary>
internal sealed record FailureTally(string Result, string? SendingIp, string? MxHost, string? ReceivingIp)
{
    public long Count { get; set; }

    public bool Is(FailureTally other) => this with { Count = 0 } == other with { Count = 0 };
}
