namespace Webcluster.Queue.Suppression;

/// <summary>Addresses that get no mail, of a tenant or at all (docs/operations/suppression.md).</summary>
public sealed class SuppressionOptions
{
    /// <summary>
    /// A suppressed recipient at RCPT: refused with 550 5.1.1, or accepted and later reported as failed without an attempt. Default refuse.
    /// </summary>
    public SuppressionAtRcpt AtRcpt { get; set; } = SuppressionAtRcpt.Refuse;

    /// <summary>
    /// Whether an address whose server says for certain that it does not exist, at once or in a report by mail, is put on the list of its
    /// tenant. Default true.
    /// </summary>
    public bool HardBounces { get; set; } = true;

    public RepeatedSoftOptions RepeatedSoft { get; set; } = new();

    /// <summary>
    /// A recipient that was looked up at RCPT is looked up again before an attempt that comes so long after, or later. Default 60s.
    /// </summary>
    public TimeSpan RecheckAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// File with a secret of at least 32 characters, the same on all nodes: the list then keeps HMAC-SHA-256 hashes in the place of
    /// addresses. Whoever loses it loses the list. Default none: addresses in the clear.
    /// </summary>
    public string HashKeyFile { get; set; } = "";

    /// <summary>How long an entry lasts that does not say so itself.</summary>
    public SuppressionExpiry Expiry { get; set; } = new();

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (RecheckAfter < TimeSpan.Zero) yield return ("recheck_after", "must not be negative");
        foreach (var (key, problem) in RepeatedSoft.Problems()) yield return ($"repeated_soft.{key}", problem);
        foreach (var (key, problem) in Expiry.Problems()) yield return ($"expiry.{key}", problem);
    }

    /// <summary>A file that is there and cannot be used.</summary>
    public IEnumerable<(string Key, string Problem)> FileProblems()
    {
        if (HashKeyFile.Length > 0 && File.Exists(HashKeyFile) && AddressHash.ProblemOf(HashKeyFile) is { } problem)
            yield return ("hash_key_file", problem);
    }
}
