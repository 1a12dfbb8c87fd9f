using Shouldly;
using Webcluster.Protocol.Dns;
using Xunit;

namespace Webcluster.Protocol.Tests.Dns;

public sealed class DnsFuzzTests
{
    private const string Example = "076578616D706C6503636F6D00";

    private static readonly byte[][] Seeds =
    [
        Hex("ABCD 8180 0001 0002 0000 0001" + Example + "000F 0001 C00C 000F 0001 0000012C 0008 000A 036D7831 C00C"
            + "C00C 000F 0001 0000003C 0007 0014 024D58 C00C 00 0029 04D0 00000000 0000"),
        Hex("0001 8183 0001 0000 0001 0000" + Example
            + "0001 0001 C014 0006 0001 0000003C 0018 C00C C00C 00000001 00000E10 00000258 00015180 0000003C"),
        Hex("0001 8180 0001 0003 0000 0000" + Example
            + "0010 0001 C00C 0010 0001 00000001 0004 02763D 00 C00C 0034 0001 00000001 0005 03010100FF"
            + "C00C 0005 0001 00000001 0002 C00C"),
    ];

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    [Fact]
    public void TryParse_MutatedMessages_NeverThrowsAndStaysInBounds()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var message = Mutate(Seeds[seed % Seeds.Length], new Random(seed));
            Should.NotThrow(() => Check(message), $"seed {seed}: {Convert.ToHexString(message)}");
        }
    }

    [Fact]
    public void TryParse_RandomOctets_NeverThrows()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var message = new byte[random.Next(0, 200)];
            random.NextBytes(message);
            if (message.Length > 3) (message[2], message[3]) = (0x81, 0x80);
            Should.NotThrow(() => Check(message), $"seed {seed}: {Convert.ToHexString(message)}");
        }
    }

    [Theory]
    [InlineData(127, true)]
    [InlineData(128, false)]
    [InlineData(8000, false)]
    public void TryRead_LadderOfPointers_IsBounded(int rungs, bool expected)
    {
        // The root, and pointers each to the one before: nothing in it is a loop, and yet each name of a message could walk all of it.
        var message = new List<byte> { 0 };
        for (var i = 0; i < rungs; i++)
        {
            var target = i == 0 ? 0 : message.Count - 2;
            message.AddRange([(byte)(0xC0 | target >> 8), (byte)target]);
        }
        var at = message.Count - 2;
        DnsName.TryRead(message.ToArray(), ref at, out _).ShouldBe(expected);
    }

    private static void Check(byte[] message)
    {
        if (!DnsResponse.TryParse(message, out var response, out _)) return;
        response!.Answers.Count.ShouldBeLessThanOrEqualTo(DnsResponse.MaxRecords);
        foreach (var record in response.Answers)
        {
            record.Ttl.ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromSeconds(int.MaxValue));
            // What was read as a name can be asked for again.
            DnsName.TryNormalize(record.Name, out var name).ShouldBeTrue(record.Name);
            name.ShouldBe(record.Name);
            response.Follow(new DnsQuestion(record.Name, DnsType.A), 8).Aliases.ShouldBeLessThanOrEqualTo(8);
        }
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var message = seed.ToList();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(message.Count);
            switch (random.Next(5))
            {
                case 0: message[at] = (byte)random.Next(256); break;
                case 1: message[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: message.Insert(at, (byte)random.Next(256)); break;
                case 3: message[at] = (byte)(0xC0 | random.Next(2)); break;
                default:
                    if (message.Count > 1) message.RemoveAt(at);
                    break;
            }
        }
        return [.. message];
    }
}
