namespace Webcluster.Submission.Tests.Harness;

/// <summary>The ways in which the same octets may come: whole, cut once at each index, octet by octet.</summary>
internal static class Splits
{
    public static IEnumerable<byte[][]> Of(byte[] octets)
    {
        yield return [octets];
        for (var cut = 1; cut < octets.Length; cut++) yield return [octets[..cut], octets[cut..]];
        yield return [.. octets.Select(octet => new[] { octet })];
    }
}
