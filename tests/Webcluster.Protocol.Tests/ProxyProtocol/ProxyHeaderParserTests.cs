using System.Net;
using Shouldly;
using Webcluster.Protocol.ProxyProtocol;
using Webcluster.Protocol.Smtp;
using Webcluster.Protocol.Tests.Smtp;
using Webcluster.TestKit.Pipes;
using Xunit;

namespace Webcluster.Protocol.Tests.ProxyProtocol;

public sealed class ProxyHeaderParserTests
{
    private const string Signature = "\r\n\r\n\0\r\nQUIT\n";
    private const string Inet = "\u00c0\u0000\u0002\u0001\u00cb\u0000\u0071\u0009\u009c\u0040\u0002\u004b";
    private const string Inet6 =
        "\u0020\u0001\u000d\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0001" + "\u0020\u0001\u000d\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0002" + "\u009c\u0040\u0002\u004b";

    public static TheoryData<string, string> Relayed => new()
    {
        { "PROXY TCP4 192.0.2.1 203.0.113.9 40000 587\r\n", "192.0.2.1:40000 203.0.113.9:587" },
        { "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535 255.255.255.255:65535" },
        { "PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n", "0.0.0.0:0 0.0.0.0:0" },
        { "PROXY TCP6 2001:db8::1 2001:DB8::2 40000 587\r\n", "[2001:db8::1]:40000 [2001:db8::2]:587" },
        { "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
            "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535 [ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535" },
        { "PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "192.0.2.1:1 [::1]:2" },
        { Signature + "\u0021\u0011\u0000\u000c" + Inet, "192.0.2.1:40000 203.0.113.9:587" },
        { Signature + "\u0021\u0012\u0000\u000c" + Inet, "192.0.2.1:40000 203.0.113.9:587" },
        { Signature + "\u0021\u0021\u0000\u0024" + Inet6, "[2001:db8::1]:40000 [2001:db8::2]:587" },
        { Signature + "\u0021\u0022\u0000\u0024" + Inet6, "[2001:db8::1]:40000 [2001:db8::2]:587" },
        { Signature + "\u0021\u0021\u0000\u0024" + "\0\0\0\0\0\0\0\0\0\0\u00ff\u00ff\u00c0\u0000\u0002\u0001" + Inet6[16..], "192.0.2.1:40000 [2001:db8::2]:587" },
        // TLVs: NOOP, then one whose own length lies; neither is read.
        { Signature + "\u0021\u0011\u0000\u0013" + Inet + "\u0004\u0000\u0001x" + "\u0005\u00ff\u00ff", "192.0.2.1:40000 203.0.113.9:587" },
        { Signature + "\u0021\u0011\u0001\u002c" + Inet + new string('t', 288), "192.0.2.1:40000 203.0.113.9:587" },
    };

    public static TheoryData<string> Unnamed => new()
    {
        "PROXY UNKNOWN\r\n",
        "PROXY UNKNOWN \r\n",
        "PROXY UNKNOWN 192.0.2.1 203.0.113.9 40000 587\r\n",
        "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
        Signature + "\u0020\u0000\u0000\u0000",
        Signature + "\u0020\u0011\u0000\u000c" + Inet,
        // The family of LOCAL is ignored.
        Signature + "\u0020\u00ff\u0000\u0001x",
        Signature + "\u0021\u0000\u0000\u0000",
        Signature + "\u0021\u0000\u0000\u0003\u0004\u0000\u0000",
        Signature + "\u0021\u0001\u0000\u0000",
        Signature + "\u0021\u0010\u0000\u000c" + Inet,
        Signature + "\u0021\u0031\u0000\u00d8" + new string('u', 216),
        Signature + "\u0021\u0032\u0000\u00d8" + new string('u', 216),
    };

    public static TheoryData<string, ProxyProblem> Wrong => new()
    {
        { "E", ProxyProblem.NoSignature },
        { "PROXI", ProxyProblem.NoSignature },
        { "PROXY\r", ProxyProblem.NoSignature },
        { "p", ProxyProblem.NoSignature },
        { "\r\n\r\n\0\r\nQUIT\r", ProxyProblem.NoSignature },
        { "\n", ProxyProblem.NoSignature },
        { "PROXY TCP4 192.0.2.1 203.0.113.9 40000 587\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4 192.0.2.1 203.0.113.9 40000 587\r\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4 192.0.2.1 203.0.113.9 40000 587 \r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4 192.0.2.1 203.0.113.9 40000\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4  192.0.2.1 203.0.113.9 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4 192.0.2.01 203.0.113.9 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4 192.0.2.256 203.0.113.9 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4 192.0.2 203.0.113.9 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4 192.0.2.1.1 203.0.113.9 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4 192.0.2.1 203.0.113.9 040000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4 192.0.2.1 203.0.113.9 65536 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4 192.0.2.1 203.0.113.9 40000 -1\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4 192.0.2.1 203.0.113.9 40000 \r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP4 2001:db8::1 2001:db8::2 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP6 192.0.2.1 203.0.113.9 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP6 2001:db8::1%1 2001:db8::2 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP6 [2001:db8::1] 2001:db8::2 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP6 2001:db8:::1 2001:db8::2 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP6 2001:db8::12345 2001:db8::2 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY TCP5 192.0.2.1 203.0.113.9 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY UDP4 192.0.2.1 203.0.113.9 40000 587\r\n", ProxyProblem.LineMalformed },
        { "PROXY UNKNOWNS\r\n", ProxyProblem.LineMalformed },
        { "PROXY \r\n", ProxyProblem.LineMalformed },
        { "PROXY \n", ProxyProblem.LineMalformed },
        { "PROXY UNKNOWN " + new string('x', 92) + "\r", ProxyProblem.LineTooLong },
        { "PROXY UNKNOWN " + new string('x', 93), ProxyProblem.LineTooLong },
        { Signature + "\u0011", ProxyProblem.UnknownVersion },
        { Signature + "\u0031", ProxyProblem.UnknownVersion },
        { Signature + "\u0022", ProxyProblem.UnknownCommand },
        { Signature + "\u002f", ProxyProblem.UnknownCommand },
        { Signature + "\u0021\u0041", ProxyProblem.UnknownFamily },
        { Signature + "\u0021\u0013", ProxyProblem.UnknownFamily },
        { Signature + "\u0021\u0003", ProxyProblem.UnknownFamily },
        { Signature + "\u0021\u0011\u0000\u000b", ProxyProblem.TooShort },
        { Signature + "\u0021\u0021\u0000\u0023", ProxyProblem.TooShort },
        { Signature + "\u0021\u0011\u003f\u00f1", ProxyProblem.TooLong },
        { Signature + "\u0020\u0000\u00ff\u00ff", ProxyProblem.TooLong },
    };

    [Theory]
    [MemberData(nameof(Relayed))]
    public void TryParse_Relayed_NamesBothEnds(string octets, string ends) =>
        Complete(octets).ShouldBeOfType<ProxyHeader.Relayed>().ShouldSatisfyAllConditions(header => $"{header.Source} {header.Destination}".ShouldBe(ends));

    [Theory]
    [MemberData(nameof(Unnamed))]
    public void TryParse_Unnamed_IsTaken(string octets) => Complete(octets).ShouldBeOfType<ProxyHeader.Unnamed>();

    // At its last octet, and not before: each row ends where it can be no header any more.
    [Theory]
    [MemberData(nameof(Wrong))]
    public void TryParse_Wrong_IsRejectedAtOnce(string octets, ProxyProblem expected)
    {
        var bytes = Bytes.Of(octets);
        for (var length = 0; length <= bytes.Length; length++)
        {
            foreach (var segments in Cuts.Of(bytes[..length]))
            {
                var status = ProxyHeaderParser.TryParse(Sequences.Of(segments), out var header, out var consumed, out var problem);
                var isWhole = length == bytes.Length;
                status.ShouldBe(isWhole ? ParseStatus.Rejected : ParseStatus.Incomplete, $"{length} octets");
                problem.ShouldBe(isWhole ? expected : ProxyProblem.None);
                header.ShouldBeNull();
                consumed.ShouldBe(0);
            }
        }
    }

    [Fact]
    public void TryParse_LongestOfVersion2_IsTaken()
    {
        var octets = Signature + "\u0021\u0011\u003f\u00f0" + Inet + new string('t', ProxyHeaderParser.MaxLength - 16 - 12);
        ProxyHeaderParser.TryParse(Sequences.Of([Bytes.Of(octets[..^1])]), out _, out _, out _).ShouldBe(ParseStatus.Incomplete);
        ProxyHeaderParser.TryParse(Sequences.Of([Bytes.Of(octets)]), out var header, out var consumed, out _).ShouldBe(ParseStatus.Complete);
        consumed.ShouldBe(ProxyHeaderParser.MaxLength);
        header.ShouldBeOfType<ProxyHeader.Relayed>().Source.ShouldBe(IPEndPoint.Parse("192.0.2.1:40000"));
    }

    [Fact]
    public void TryParse_LongestLine_IsTaken() =>
        Complete("PROXY UNKNOWN " + new string('x', ProxyHeaderParser.MaxLine - 16) + "\r\n").ShouldBeOfType<ProxyHeader.Unnamed>();

    [Fact]
    public void TryParse_ChangedHeaders_NeverThrowsAndDecidesOnceForAll()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var rows = ((IEnumerable<object[]>)Relayed).Concat(Unnamed).Select(row => Bytes.Of((string)row[0])).ToList();
        for (var round = 0; round < 5_000; round++)
        {
            var octets = rows[random.Next(rows.Count)].ToList();
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                var at = random.Next(octets.Count);
                if (random.Next(3) == 0) octets.RemoveAt(at);
                else if (random.Next(2) == 0) octets.Insert(at, (byte)random.Next(256));
                else octets[at] = (byte)random.Next(256);
            }

            var bytes = octets.ToArray();
            var context = $"seed {seed}, round {round}: {Convert.ToHexString(bytes)}";
            var whole = Decide(bytes);
            var decided = ParseStatus.Incomplete;
            for (var length = 0; length <= bytes.Length && decided == ParseStatus.Incomplete; length++)
            {
                var segments = Cuts.AtRandom(bytes[..length], random);
                decided = ProxyHeaderParser.TryParse(Sequences.Of(segments), out var header, out var consumed, out var problem);
                (header is not null).ShouldBe(decided == ParseStatus.Complete, context);
                consumed.ShouldBe(decided == ParseStatus.Complete ? length : 0, context);
                (problem != ProxyProblem.None).ShouldBe(decided == ParseStatus.Rejected, context);
            }

            decided.ShouldBe(whole, context);
        }
    }

    private static ParseStatus Decide(byte[] bytes) => ProxyHeaderParser.TryParse(Sequences.Of([bytes]), out _, out _, out _);

    /// <summary>Parses it in all cuts and with something behind it, which stays; each part of it is incomplete.</summary>
    private static ProxyHeader Complete(string octets)
    {
        var bytes = Bytes.Of(octets);
        ProxyHeader? first = null;
        foreach (var segments in Cuts.Of(bytes).Concat(Cuts.Of([.. bytes, .. "EHLO c\r\n"u8])))
        {
            ProxyHeaderParser.TryParse(Sequences.Of(segments), out var header, out var consumed, out var problem).ShouldBe(ParseStatus.Complete, $"{problem}");
            consumed.ShouldBe(bytes.Length);
            problem.ShouldBe(ProxyProblem.None);
            header.ShouldBe(first ??= header);
        }

        for (var length = 0; length < bytes.Length; length++)
            ProxyHeaderParser.TryParse(Sequences.Of([bytes[..length]]), out _, out _, out _).ShouldBe(ParseStatus.Incomplete, $"{length} octets");
        return first!;
    }
}
