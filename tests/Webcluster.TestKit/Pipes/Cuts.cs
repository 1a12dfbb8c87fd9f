namespace Webcluster.TestKit.Pipes;

/// <summary>The ways in which a row of bytes reaches a framer: whole, in two at each index, and byte by byte.</summary>
public static class Cuts
{
    public static IEnumerable<IReadOnlyList<byte[]>> Of(byte[] bytes)
    {
        yield return [bytes];
        for (var index = 1; index < bytes.Length; index++) yield return [bytes[..index], bytes[index..]];
        yield return bytes.Select(octet => new[] { octet }).ToList();
    }

    public static IReadOnlyList<byte[]> AtRandom(byte[] bytes, Random random)
    {
        var segments = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - at, random.Next(1, 8));
            segments.Add(bytes[at..(at + length)]);
            at += length;
        }

        return segments;
    }
}
