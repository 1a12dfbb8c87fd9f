using Shouldly;
using Webcluster.Protocol.Dkim;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

/// <summary>What we sign verifies, and whatever is changed on the way does not.</summary>
public class DkimRoundTripTests
{
    public static TheoryData<Canonicalization, Canonicalization> Kinds => new()
    {
        { Canonicalization.Simple, Canonicalization.Simple },
        { Canonicalization.Simple, Canonicalization.Relaxed },
        { Canonicalization.Relaxed, Canonicalization.Simple },
        { Canonicalization.Relaxed, Canonicalization.Relaxed },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SignedMessage_Verified_PassesForEachKey(Canonicalization header, Canonicalization body)
    {
        string[] messages =
        [
            DkimSamples.Message,
            "From: a@b.c\r\n",
            "From: a@b.c\r\n\r\n",
            "From: a@b.c\r\n\r\n\r\n\r\n",
            "From: a@b.c\r\n\r\n \t \r\nx \ty",
        ];
        foreach (var message in messages)
        {
            var signed = DkimSamples.Sign(message, new DkimSigningPolicy(header, body), DkimSamples.Rsa, DkimSamples.Ed);

            (await DkimSamples.Verify(signed, DkimSamples.Rsa, DkimSamples.Ed)).ShouldBe(
            [
                new DkimResult(DkimStatus.Pass, "football.example.com", "rsa", ""),
                new DkimResult(DkimStatus.Pass, "football.example.com", "ed", ""),
            ]);
        }
    }

    [Fact]
    public async Task RelaxedMessage_WhiteSpaceChanged_StillPasses()
    {
        var signed = DkimSamples.Sign(DkimSamples.Message, DkimSamples.Rsa)
            .Replace("Is  dinner\tready? \r\n", "  Is\r\n dinner ready?\r\n", StringComparison.Ordinal)
            .Replace("To: Suzie", "TO \t:Suzie", StringComparison.Ordinal)
            .Replace("lost  the", "lost\tthe", StringComparison.Ordinal) + "\r\n";

        (await DkimSamples.Verify(signed, DkimSamples.Rsa)).ShouldHaveSingleItem().Status.ShouldBe(DkimStatus.Pass);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SignedOctet_Changed_NeverPasses(Canonicalization header, Canonicalization body)
    {
        var signed = Octets.Of(DkimSamples.Sign(DkimSamples.Message, new DkimSigningPolicy(header, body), DkimSamples.Ed));
        var dns = DkimSamples.Dns(DkimSamples.Ed);
        var received = Octets.Text(signed).IndexOf("Received:", StringComparison.Ordinal);
        var from = Octets.Text(signed).IndexOf("From: Joe", StringComparison.Ordinal);
        for (var at = 0; at < signed.Length; at++)
        {
            if (at >= received && at < from)
                continue; // not signed
            var octet = signed[at];
            // white space becomes a letter, a letter another one: relaxed takes one white space, and one case of a name, for the other
            signed[at] ^= octet is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' ? (byte)0x48 : (byte)0x01;
            (await DkimSamples.Verify(signed, dns)).ShouldAllBe(result => result.Status != DkimStatus.Pass, $"octet {at}");
            signed[at] = octet;
        }
        (await DkimSamples.Verify(signed, dns)).ShouldHaveSingleItem().Status.ShouldBe(DkimStatus.Pass);
    }

    [Theory]
    [InlineData("From: mallory@example.net")]
    [InlineData("Subject: Is dinner paid?")]
    [InlineData("Date: Sat, 12 Jul 2003 21:00:37 -0700")]
    [InlineData("To: everybody@example.net")]
    [InlineData("Cc: everybody@example.net")]
    [InlineData("Reply-To: mallory@example.net")]
    [InlineData("Message-ID: <1@example.net>")]
    [InlineData("MIME-Version: 1.0")]
    [InlineData("Content-Type: text/html")]
    [InlineData("List-Unsubscribe: <https://example.net/>")]
    [InlineData("List-Unsubscribe-Post: List-Unsubscribe=One-Click")]
    public async Task OverSignedField_AddedAboveOrBelow_Fails(string field)
    {
        var signed = DkimSamples.Sign(DkimSamples.Message, DkimSamples.Ed);

        var below = signed.Replace("\r\n\r\nHi.", $"\r\n{field}\r\n\r\nHi.", StringComparison.Ordinal);
        foreach (var message in new[] { $"{field}\r\n{signed}", below })
            (await DkimSamples.Verify(message, DkimSamples.Ed)).ShouldHaveSingleItem().Status.ShouldBe(DkimStatus.Fail);
    }

    [Theory]
    [InlineData("Received: from x by y; now")]
    [InlineData("List-Id: <list.example.net>")]
    [InlineData("Sender: list@example.net")]
    [InlineData("Authentication-Results: mx.example.net; dkim=pass")]
    [InlineData("Resent-From: joe@example.net")]
    public async Task FieldOfRelaysAndLists_AddedOnTop_StillPasses(string field) =>
        (await DkimSamples.Verify($"{field}\r\n{DkimSamples.Sign(DkimSamples.Message, DkimSamples.Ed)}", DkimSamples.Ed))
            .ShouldHaveSingleItem().Status.ShouldBe(DkimStatus.Pass);

    [Fact]
    public async Task LargeRandomMessages_Signed_Verify()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            string[] words = ["word ", " ", "\t", "\r\n", "\r\n\r\n", "=20", "long-long-long-long-long-word"];
            var body = string.Concat(random.GetItems(words, random.Next(3000)));
            var signed = DkimSamples.Sign($"From: a@football.example.com\r\nSubject: {seed}\r\n\r\n{body}", DkimSamples.Ed);

            (await DkimSamples.Verify(signed, DkimSamples.Ed)).ShouldHaveSingleItem().Status.ShouldBe(DkimStatus.Pass, $"seed {seed}");
        }
    }

    [Fact]
    public async Task SignedMessage_CutAndStirredAtRandom_NeverThrows()
    {
        var signed = Octets.Of(DkimSamples.Sign(DkimSamples.Message, DkimSamples.Rsa, DkimSamples.Ed));
        var dns = DkimSamples.Dns(DkimSamples.Rsa, DkimSamples.Ed);
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var octets = signed[..random.Next(signed.Length + 1)];
            for (var n = random.Next(6); n > 0 && octets.Length > 0; n--)
                octets[random.Next(octets.Length)] = (byte)random.GetItems(";=: \r\n\t@\0b1\u00ff".ToCharArray(), 1)[0];
            await Should.NotThrowAsync(() => DkimSamples.Verify(octets, dns), $"seed {seed}");
        }
    }
}
