using Shouldly;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

/// <summary>
/// What RFC 6376 §3.5 and §6.1.1 ask of a signature field: each row is rightly signed, so that only the rule in question decides.
/// </summary>
public class DkimVerifierTests
{
    private const string Mail = "From: joe@football.example.com\r\nSubject: x\r\n\r\nHi \r\n\r\n";
    private const string D = "d=football.example.com; s=ed; ";

    public static TheoryData<string, object> Rows => new()
    {
        { $"v=1; a=ed25519-sha256; {D}h=From; bh=@; b=", DkimProblem.None },
        { $"b=; bh=@; h=from : subject; s=ed; d=Football.Example.COM; a=Ed25519-SHA256; v=1", DkimProblem.None },
        { $"v=1; a=ed25519-sha256; {D}h=From;\r\n\tbh=@;\r\n\tfoo=bar; b=", DkimProblem.None },
        { $"v=1; a=ed25519-sha256; c=simple; {D}h=From; bh=@; b=", DkimProblem.None },
        { $"v=1; a=ed25519-sha256; {D}h=From; bh=@; q=xx : dns/txt; b=", DkimProblem.None },
        { $"v=1; a=ed25519-sha256; {D}h=From; bh=@; q=xx; b=", DkimProblem.UnknownQueryMethod },
        { $"v=2; a=ed25519-sha256; {D}h=From; bh=@; b=", DkimProblem.UnknownVersion },
        { $"v=1.0; a=ed25519-sha256; {D}h=From; bh=@; b=", DkimProblem.UnknownVersion },
        { $"a=ed25519-sha256; {D}h=From; bh=@; b=", DkimProblem.MissingTag },
        { $"v=1; {D}h=From; bh=@; b=", DkimProblem.MissingTag },
        { $"v=1; a=ed25519-sha256; s=ed; h=From; bh=@; b=", DkimProblem.MissingTag },
        { $"v=1; a=ed25519-sha256; d=football.example.com; h=From; bh=@; b=", DkimProblem.MissingTag },
        { $"v=1; a=ed25519-sha256; {D}bh=@; b=", DkimProblem.MissingTag },
        { $"v=1; a=ed25519-sha256; {D}h=From; b=", DkimProblem.MissingTag },
        { $"v=1; a=ed25519-sha256; {D}h=From; bh=@; bh=@; b=", DkimProblem.DuplicateTag },
        { $"v=1; a=ed25519-sha256; {D}h=From; bh=@; junk; b=", DkimProblem.NotATagList },
        { $"v=1; a=rsa-sha1; {D}h=From; bh=@; b=", DkimProblem.Sha1Refused },
        { $"v=1; a=rsa-md5; {D}h=From; bh=@; b=", DkimProblem.UnknownAlgorithm },
        { $"v=1; a=rsa-sha256; {D}h=From; bh=@; b=", DkimProblem.KeyForOtherAlgorithm },
        { $"v=1; a=ed25519-sha256; c=simple/; {D}h=From; bh=@; b=", DkimProblem.UnknownCanonicalization },
        { $"v=1; a=ed25519-sha256; c=nowsp; {D}h=From; bh=@; b=", DkimProblem.UnknownCanonicalization },
        { $"v=1; a=ed25519-sha256; d=foot ball.example.com; s=ed; h=From; bh=@; b=", DkimProblem.BadDomain },
        { $"v=1; a=ed25519-sha256; d=; s=ed; h=From; bh=@; b=", DkimProblem.BadDomain },
        { $"v=1; a=ed25519-sha256; d=com; s=ed; h=From; bh=@; b=", DkimProblem.BadDomain },
        { $"v=1; a=ed25519-sha256; d=football.example.com; s=e..d; h=From; bh=@; b=", DkimProblem.BadSelector },
        { $"v=1; a=ed25519-sha256; d=football.example.com; s=other; h=From; bh=@; b=", DkimProblem.NoKey },
        { $"v=1; a=ed25519-sha256; {D}h=; bh=@; b=", DkimProblem.BadSignedNames },
        { $"v=1; a=ed25519-sha256; {D}h=From:; bh=@; b=", DkimProblem.BadSignedNames },
        { $"v=1; a=ed25519-sha256; {D}h=Fr om; bh=@; b=", DkimProblem.BadSignedNames },
        { $"v=1; a=ed25519-sha256; {D}h=Subject; bh=@; b=", DkimProblem.FromNotSigned },
        { $"v=1; a=ed25519-sha256; {D}h=From; bh=AAAA; b=", DkimProblem.BadBase64 },
        { $"v=1; a=ed25519-sha256; {D}h=From; bh=!; b=", DkimProblem.BadBase64 },
        { $"v=1; a=ed25519-sha256; {D}h=From; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=", DkimProblem.BodyChanged },
        { $"v=1; a=ed25519-sha256; {D}i=@football.example.com; h=From; bh=@; b=", DkimProblem.None },
        { $"v=1; a=ed25519-sha256; {D}i=joe@a.Football.example.com; h=From; bh=@; b=", DkimProblem.None },
        { $"v=1; a=ed25519-sha256; {D}i=joe@afootball.example.com; h=From; bh=@; b=", DkimProblem.IdentityOutsideDomain },
        { $"v=1; a=ed25519-sha256; {D}i=joe@example.com; h=From; bh=@; b=", DkimProblem.IdentityOutsideDomain },
        { $"v=1; a=ed25519-sha256; {D}i=football.example.com; h=From; bh=@; b=", DkimProblem.IdentityOutsideDomain },
        { $"v=1; a=ed25519-sha256; {D}l=6; h=From; bh=@; b=", DkimProblem.BodyTooShort },
        { $"v=1; a=ed25519-sha256; {D}l={new string('9', 76)}; h=From; bh=@; b=", DkimProblem.BodyTooShort },
        { $"v=1; a=ed25519-sha256; {D}l={new string('0', 77)}; h=From; bh=@; b=", DkimProblem.BadBodyLength },
        { $"v=1; a=ed25519-sha256; {D}l=-1; h=From; bh=@; b=", DkimProblem.BadBodyLength },
        { $"v=1; a=ed25519-sha256; {D}l=5; h=From; bh=@; b=", DkimProblem.None },
        { $"v=1; a=ed25519-sha256; {D}t=NOW; h=From; bh=@; b=", DkimProblem.None },
        { $"v=1; a=ed25519-sha256; {D}t=SOON; h=From; bh=@; b=", DkimProblem.None },
        { $"v=1; a=ed25519-sha256; {D}t=LATER; h=From; bh=@; b=", DkimProblem.SignedInFuture },
        { $"v=1; a=ed25519-sha256; {D}t=x; h=From; bh=@; b=", DkimProblem.BadTime },
        { $"v=1; a=ed25519-sha256; {D}t=; h=From; bh=@; b=", DkimProblem.BadTime },
        { $"v=1; a=ed25519-sha256; {D}t=1; x=NOW; h=From; bh=@; b=", DkimProblem.None },
        { $"v=1; a=ed25519-sha256; {D}t=1; x=2; h=From; bh=@; b=", DkimProblem.Expired },
        { $"v=1; a=ed25519-sha256; {D}t=2; x=2; h=From; bh=@; b=", DkimProblem.BadTime },
        { $"v=1; a=ed25519-sha256; {D}x=9999999999999999999999; h=From; bh=@; b=", DkimProblem.None },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Signature_ByItsTags_IsJudged(string value, object problem)
    {
        var seconds = DkimSamples.Now.ToUnixTimeSeconds();
        value = value.Replace("bh=@", $"bh={DkimSamples.BodyHash(Canonicalization.Simple, Mail)}", StringComparison.Ordinal)
            .Replace("NOW", $"{seconds}", StringComparison.Ordinal)
            .Replace("SOON", $"{seconds + SignatureCheck.MaxSecondsAhead}", StringComparison.Ordinal)
            .Replace("LATER", $"{seconds + SignatureCheck.MaxSecondsAhead + 1}", StringComparison.Ordinal);

        var result = (await DkimSamples.Verify(DkimSamples.SignByHand(value, Mail, DkimSamples.Ed), DkimSamples.Ed)).ShouldHaveSingleItem();

        (result.Status, result.Reason).ShouldBe(DkimProblems.Describe((DkimProblem)problem));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(2, 3)]
    [InlineData(5, 0)]
    public async Task BodyLength_ShorterThanTheBody_PassesAndSaysWhatIsUnsigned(int length, int unsigned)
    {
        var value = $"v=1; a=ed25519-sha256; {D}l={length}; h=From; bh={DkimSamples.BodyHash(Canonicalization.Simple, Mail, length)}; b=";

        var result = (await DkimSamples.Verify(DkimSamples.SignByHand(value, Mail, DkimSamples.Ed), DkimSamples.Ed)).ShouldHaveSingleItem();

        (result.Status, result.UnsignedBodyOctets).ShouldBe((DkimStatus.Pass, unsigned));
    }

    [Theory]
    [InlineData("", DkimProblem.UnsignedFrom)]
    [InlineData("From: a\r\nFrom: b\r\n", DkimProblem.UnsignedFrom)]
    [InlineData("From: a\r\nno field\r\n", DkimProblem.MalformedHeader)]
    [InlineData("From: a\r\nBad name: b\r\n", DkimProblem.MalformedHeader)]
    public async Task Message_WhoseHeaderCannotBeTrusted_IsRefused(string header, object problem)
    {
        var value = $"v=1; a=ed25519-sha256; {D}l=0; h=From; bh={DkimSamples.BodyHash(Canonicalization.Simple, Mail, 0)}; b=";

        var result = (await DkimSamples.Verify(DkimSamples.SignByHand(value, header + "\r\nHi\r\n", DkimSamples.Ed), DkimSamples.Ed))
            .ShouldHaveSingleItem();

        (result.Status, result.Reason).ShouldBe(DkimProblems.Describe((DkimProblem)problem));
    }

    [Fact]
    public async Task Header_WithMoreFieldsThanAreScanned_IsRefused()
    {
        var signed = DkimSamples.Sign(DkimSamples.Message, DkimSamples.Ed);
        var flood = string.Concat(Enumerable.Repeat("X: y\r\n", HeaderBlock.MaxFields));
        var flooded = signed.Replace("Subject: Is", $"{flood}Subject: Is", StringComparison.Ordinal);

        var result = (await DkimSamples.Verify(flooded, DkimSamples.Ed)).ShouldHaveSingleItem();

        result.Reason.ShouldBe(DkimProblems.Describe(DkimProblem.MalformedHeader).Text);
    }

    [Theory]
    [InlineData(SignatureField.MaxSignedNames, DkimProblem.None)]
    [InlineData(SignatureField.MaxSignedNames + 1, DkimProblem.BadSignedNames)]
    public async Task SignedNames_Many_AreBounded(int count, object problem)
    {
        var value = $"v=1; a=ed25519-sha256; {D}h={string.Join(':', Enumerable.Repeat("From", count))}; " +
            $"bh={DkimSamples.BodyHash(Canonicalization.Simple, Mail)}; b=";

        var result = (await DkimSamples.Verify(DkimSamples.SignByHand(value, Mail, DkimSamples.Ed), DkimSamples.Ed)).ShouldHaveSingleItem();

        result.Reason.ShouldBe(DkimProblems.Describe((DkimProblem)problem).Text);
    }

    [Fact]
    public async Task InternationalDomain_IsLookedUpAsALabels()
    {
        using var key = DkimSamples.NewKey(DkimAlgorithm.Ed25519Sha256, "xn--bcher-kva.example", "ed");
        var signed = DkimSamples.SignByHand(
            "v=1; a=ed25519-sha256; d=b\u00c3\u00bccher.example; i=@a.B\u00c3\u00bccher.example; s=ed; h=From; " +
            $"bh={DkimSamples.BodyHash(Canonicalization.Simple, Mail)}; b=", Mail, key);

        (await DkimSamples.Verify(signed, key)).ShouldHaveSingleItem()
            .ShouldBe(new DkimResult(DkimStatus.Pass, "xn--bcher-kva.example", "ed", ""));
    }
}
