using System.Security.Cryptography;
using Shouldly;
using Webcluster.Protocol.Smtp;
using Webcluster.Protocol.Tls;
using Xunit;

namespace Webcluster.Protocol.Tests.Tls;

public sealed class ServerHandshakeTests
{
    private const byte ChangeCipherSpec = 20, Alert = 21, Handshake = 22, Application = 23;

    private static readonly byte[] Tls13 = [0, 43, 0, 2, 3, 4];
    private static readonly byte[] KeyShare = [0, 51, 0, 36, 0, 29, 0, 32, .. new byte[32]];
    private static readonly byte[] PreSharedKey = [0, 41, 0, 2, 0, 0];
    private static readonly byte[] EmptyTicket = [0, 35, 0, 0];

    public static TheoryData<string, byte[], string> Handshakes => new()
    {
        { "1.3", Record(Handshake, Hello(Tls13, KeyShare)), "full" },
        { "1.3, with the key of before", Record(Handshake, Hello(Tls13, KeyShare, PreSharedKey)), "resumed" },
        { "1.3, the key stands first", Record(Handshake, Hello(PreSharedKey, Tls13)), "resumed" },
        { "1.3, asked again", [.. Record(Handshake, Retry()), .. Record(ChangeCipherSpec, 1), .. Record(Handshake, Hello(Tls13, KeyShare))], "full" },
        { "1.3, asked again, resumed", [.. Record(Handshake, Retry()), .. Record(Handshake, Hello(Tls13, PreSharedKey))], "resumed" },
        { "1.3, asked again, nothing yet", [.. Record(Handshake, Retry()), .. Record(ChangeCipherSpec, 1)], "incomplete" },
        { "1.2", [.. Record(Handshake, Hello()), .. Record(Handshake, Message(11, 0, 0, 0))], "full" },
        { "1.2, in one record", Record(Handshake, [.. Hello(EmptyTicket), .. Message(11, 0, 0, 0)]), "full" },
        { "1.2, resumed", [.. Record(Handshake, Hello(EmptyTicket)), .. Record(ChangeCipherSpec, 1)], "resumed" },
        { "1.2, resumed with a new ticket", [.. Record(Handshake, Hello(EmptyTicket)), .. Record(Handshake, Message(4, 0))], "resumed" },
        { "1.2, nothing yet", Record(Handshake, Hello()), "incomplete" },
        { "1.2, anonymous", [.. Record(Handshake, Hello()), .. Record(Handshake, Message(12, 0))], "rejected" },
        { "1.2, alert", [.. Record(Handshake, Hello()), .. Record(Alert, 2, 40)], "rejected" },
        { "in small records", [.. Hello(Tls13, PreSharedKey).Chunk(3).SelectMany(part => Record(Handshake, part))], "resumed" },
        { "alert", Record(Alert, 2, 40), "rejected" },
        { "early change of keys", Record(ChangeCipherSpec, 1), "rejected" },
        { "data", Record(Application, 0), "rejected" },
        { "another message", Record(Handshake, Message(1, 0)), "rejected" },
        { "a hello without end", Record(Handshake, 2, 255, 255, 255), "rejected" },
        { "a hello cut in its random octets", Record(Handshake, Message(2, new byte[34])), "rejected" },
        { "a session id past the end", Record(Handshake, Message(2, [.. new byte[34], 255, 0])), "rejected" },
        { "an extension past the end", Record(Handshake, Hello([0, 43, 0, 9, 3, 4])), "rejected" },
        { "half an extension", Record(Handshake, Hello([0, 43])), "rejected" },
        { "no extension field", Record(Handshake, Message(2, new byte[38])), "incomplete" },
        { "text", "220 hi\r\n"u8.ToArray(), "rejected" },
    };

    [Theory]
    [MemberData(nameof(Handshakes))]
    public void Read_AsItComes_TellsOnceAndTheSame(string what, byte[] sent, string expected)
    {
        Tell(sent).ShouldBe(expected, what);
        var told = Enumerable.Range(0, sent.Length).Select(length => Tell(sent.AsSpan(0, length))).Where(tell => tell != "incomplete").Distinct();
        told.ShouldBeSubsetOf([expected], what);
    }

    [Fact]
    public void Read_NoEnd_IsGivenUp()
    {
        var endless = Enumerable.Repeat(Record(Handshake, []), 2000).SelectMany(record => record).ToArray();
        Tell(endless.AsSpan(0, ServerHandshake.Most - 1)).ShouldBe("incomplete");
        Tell(endless).ShouldBe("rejected");
    }

    [Fact]
    public void Read_AnyOctets_NeverThrows()
    {
        var random = new Random(8446);
        var whole = Record(Handshake, Hello(Tls13, KeyShare, PreSharedKey));
        for (var round = 0; round < 20_000; round++)
        {
            var octets = whole.ToArray();
            for (var change = 0; change < 4; change++) octets[random.Next(octets.Length)] = (byte)random.Next(256);
            Tell(octets.AsSpan(0, random.Next(octets.Length + 1))).ShouldNotBeNull();
        }
    }

    private static string Tell(ReadOnlySpan<byte> sent) => (ServerHandshake.TryRead(sent, out var isResumed), isResumed) switch
    {
        (ParseStatus.Complete, true) => "resumed",
        (ParseStatus.Complete, false) => "full",
        (ParseStatus.Incomplete, _) => "incomplete",
        _ => "rejected",
    };

    private static byte[] Record(byte type, params byte[] content) => [type, 3, 3, (byte)(content.Length >> 8), (byte)content.Length, .. content];

    private static byte[] Message(byte type, params byte[] body) => [type, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];

    private static byte[] Hello(params byte[][] extensions) => HelloWith(new byte[32], extensions);

    private static byte[] Retry() => HelloWith(SHA256.HashData("HelloRetryRequest"u8), Tls13);

    private static byte[] HelloWith(byte[] random, params byte[][] extensions)
    {
        var all = extensions.SelectMany(extension => extension).ToArray();
        return Message(2, [3, 3, .. random, 4, 9, 9, 9, 9, 0x13, 1, 0, (byte)(all.Length >> 8), (byte)all.Length, .. all]);
    }
}
