namespace Webcluster.Delivery.TransportSecurity.MtaSts;

/// <summary>What a domain asks of those who send to it.</summary>
internal enum StsMode
{
    /// <summary>Nothing any more.</summary>
    None,

    /// <summary>That failures be counted and reported; mail is delivered all the same.</summary>
    Testing,

    /// <summary>That mail be delivered to hosts that fit, or not at all.</summary>
    Enforce,
}

/// <summary>One MTA-STS policy (RFC 8461 §3.2).</summary>
/// <param name="Mx">Host names, or "*." and a name: exactly one label more.</param>
internal sealed record StsPolicy(StsMode Mode, IReadOnlyList<string> Mx, TimeSpan MaxAge)
{
    /// <summary>As its text has them; what reports quote.</summary>
    public IEnumerable<string> Lines() =>
    [
        "version: STSv1", $"mode: {Mode.ToString().ToLowerInvariant()}", .. Mx.Select(mx => $"mx: {mx}"),
        $"max_age: {MaxAge.TotalSeconds:F0}",
    ];

    // rfc8461#4.1
    public bool Allows(string host) => Mx.Any(pattern => pattern.StartsWith("*.", StringComparison.Ordinal)
        ? host.IndexOf('.') is > 0 and var dot && host.AsSpan(dot).Equals(pattern.AsSpan(1), StringComparison.OrdinalIgnoreCase)
        : host.Equals(pattern, StringComparison.OrdinalIgnoreCase));
}
