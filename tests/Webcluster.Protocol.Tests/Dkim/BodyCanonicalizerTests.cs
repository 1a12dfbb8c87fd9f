using Shouldly;
using Webcluster.Protocol.Dkim;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

public class BodyCanonicalizerTests
{
    public static TheoryData<string, string, string> Rows => new()
    {
        // body, simple, relaxed
        { "", "\r\n", "" },
        { "\r\n", "\r\n", "" },
        { "\r\n\r\n\r\n", "\r\n", "" },
        { " ", " \r\n", "" },
        { " \t\r\n \r\n", " \t\r\n \r\n", "" },
        { " C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n" }, // rfc6376#3.4.5
        { "a", "a\r\n", "a\r\n" },
        { "a \t ", "a \t \r\n", "a\r\n" },
        { "a\tb", "a\tb\r\n", "a b\r\n" },
        { "\r\n\r\n a\r\n", "\r\n\r\n a\r\n", "\r\n\r\n a\r\n" },
        { "a\r\n \r\n\t\r\nb\r\n \r\n", "a\r\n \r\n\t\r\nb\r\n \r\n", "a\r\n\r\n\r\nb\r\n" },
        { "a\rb \rc\nd \ne\r\n", "a\rb \rc\nd \ne\r\n", "a\rb \rc\nd \ne\r\n" },
        { "a\r\r\n", "a\r\r\n", "a\r\r\n" },
        { "a \r\r\n", "a \r\r\n", "a \r\r\n" },
        { "a\r", "a\r\r\n", "a\r\r\n" },
        { "a \r", "a \r\r\n", "a \r\r\n" },
        { "\n", "\n\r\n", "\n\r\n" },
        { "\n\r\n\r", "\n\r\n\r\r\n", "\n\r\n\r\r\n" },
        { "0123456789abcdef 0123456789abcde  0123456789abcdef \r\n\r\n", "0123456789abcdef 0123456789abcde  0123456789abcdef \r\n",
            "0123456789abcdef 0123456789abcde 0123456789abcdef\r\n" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Body_WholeAndCutAnywhere_GivesTheSameOctets(string body, string simple, string relaxed)
    {
        foreach (var cut in Cuts(body.Length))
        {
            Octets.Text(Octets.Canonical(Canonicalization.Simple, body, cut)).ShouldBe(simple);
            Octets.Text(Octets.Canonical(Canonicalization.Relaxed, body, cut)).ShouldBe(relaxed);
        }
    }

    [Fact]
    public void RandomBody_CutAtRandom_IsAsTheDefinitionSays()
    {
        for (var seed = 0; seed < 4000; seed++)
        {
            var random = new Random(seed);
            var body = string.Concat(random.GetItems(["a", " ", "\t", "\r\n", "\r", "\n", "xyz"], random.Next(60)));
            foreach (var kind in Enum.GetValues<Canonicalization>())
            {
                var actual = Octets.Canonical(kind, body, octets => CutAtRandom(octets, random));
                Octets.Text(actual).ShouldBe(ByDefinition(kind, body), $"seed {seed}");
            }
        }
    }

    [Theory]
    [InlineData(0, "a\r\nb\r\n")]
    [InlineData(4, "a\r\nb\r\n")]
    [InlineData(6, "a\r\nb\r\n")]
    [InlineData(7, "a\r\nb\r\n")]
    [InlineData(5000, "a\r\nb\r\n")]
    public void Digest_WithLimit_HashesOnlyThatMuch(int limit, string tail)
    {
        var body = new string('x', 4998) + tail;
        var hash = new byte[BodyDigest.HashOctets];

        BodyDigest.Compute(Canonicalization.Relaxed, Octets.Of(body), hash, limit).ShouldBe(body.Length);

        hash.ShouldBe(System.Security.Cryptography.SHA256.HashData(Octets.Of(body[..limit])));
    }

    /// <summary>The rules of RFC 6376 §3.4.3 and §3.4.4 one after the other, over whole lines.</summary>
    private static string ByDefinition(Canonicalization kind, string body)
    {
        var lines = body.Split("\r\n").ToList();
        if (kind == Canonicalization.Relaxed)
            lines = [.. lines.Select(Collapsed)];
        while (lines.Count > 0 && lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        if (lines.Count == 0)
            return kind == Canonicalization.Simple ? "\r\n" : "";
        return string.Join("\r\n", lines) + "\r\n";

        static string Collapsed(string line) =>
            string.Join(' ', line.Replace('\t', ' ').TrimEnd(' ').Split(' ').Where((word, n) => word.Length > 0 || n == 0));
    }

    private static IEnumerable<Func<byte[], IEnumerable<ReadOnlyMemory<byte>>>> Cuts(int length)
    {
        yield return octets => [octets];
        yield return octets => octets.Select((_, at) => (ReadOnlyMemory<byte>)octets.AsMemory(at, 1));
        for (var index = 1; index < length; index++)
        {
            var at = index;
            yield return octets => [octets.AsMemory(0, at), octets.AsMemory(at)];
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> CutAtRandom(byte[] octets, Random random)
    {
        for (var at = 0; at < octets.Length;)
        {
            var take = random.Next(octets.Length - at + 1);
            yield return octets.AsMemory(at, take);
            at += take;
        }
    }
}
