using Shouldly;
using Webcluster.Protocol.Dkim;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

/// <summary>Mails that other programs signed: those of dkimpy (the RFC 8463 sample among them) and of go-msgauth.</summary>
public class SampleMailTests
{
    private const string Rsa1024 =
        "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq" +
        "631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"; // rfc6376 appendix C

    /// <summary>An RSAPublicKey where others have a SubjectPublicKeyInfo.</summary>
    private const string RawRsa =
        "v=DKIM1; p=MIGJAoGBALVI635dLK4cJJAH3Lx6upo3X/Lm1tQz3mezcWTA3BUBnyIsdnRf57aD5BtNmhPrYYDlWlzw3UgnKisIxktkk5+iMQMlFtAS10JB8L3Y" +
        "adXNJY+JBcbeSi5TgJe4WFzNgW95FWDAuSTRXSWZfA/8xjflbTLDx0euFZOM7C4T0GwLAgMBAAE=";

    private const string Ed25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="; // rfc8463 appendix A.2

    [SharedDataFact]
    public async Task Rfc8463Sample_SignedTwice_BothPass()
    {
        var results = await Verify("dkimpy/rfc6376.signed.msg", FootballDns());

        results.Select(result => (result.Status, result.Domain, result.Selector, result.Reason)).ShouldBe(
        [
            (DkimStatus.Pass, "football.example.com", "brisbane", ""),
            (DkimStatus.Pass, "football.example.com", "test", ""),
        ]);
    }

    [SharedDataTheory]
    [InlineData("go-msgauth/verifiedMailString.eml", 1)]
    [InlineData("go-msgauth/verifiedRawRSAMailString.eml", 1)]
    [InlineData("go-msgauth/verifiedEd25519MailString.eml", 2)]
    [InlineData("go-msgauth/tooManySignaturesMailString.eml", 3)]
    [InlineData("go-msgauth/unsignedMailString.eml", 0)]
    public async Task GoMsgauthMail_Verified_AllPass(string file, int signatures)
    {
        var results = await Verify(file, FootballDns());

        results.Count.ShouldBe(signatures);
        results.ShouldAllBe(result => result.Status == DkimStatus.Pass);
    }

    /// <summary>Signatures of which the collection has no key: they must be read whole, and fail for nothing but the key.</summary>
    [SharedDataTheory]
    [InlineData("dkimpy/message.mbox", "kitterman.com", "2007-00")]
    [InlineData("dkimpy/test2.message", "gmail.com", "20120113")]
    public async Task DkimpyMail_KeyNotInCollection_FailsOnlyForThat(string file, string domain, string selector)
    {
        var result = (await Verify(file, FootballDns())).ShouldHaveSingleItem();

        result.ShouldBe(new DkimResult(DkimStatus.PermError, domain, selector, DkimProblems.Describe(DkimProblem.NoKey).Text));
    }

    [SharedDataFact]
    public async Task EximMail_Ed25519_Passes()
    {
        var dns = new Dictionary<string, string> { ["sed._domainkey.test.ex"] = Text("dkimpy/eximtest.dns") };

        (await Verify("dkimpy/ed25519test2.msg", dns)).ShouldHaveSingleItem().Status.ShouldBe(DkimStatus.Pass);
    }

    [SharedDataTheory]
    [InlineData("test.txt", DkimProblem.None)]
    [InlineData("test2.txt", DkimProblem.None)]
    [InlineData("badk.txt", DkimProblem.KeyForOtherAlgorithm)]
    [InlineData("badversion.txt", DkimProblem.BadKeyRecord)]
    [InlineData("test_bad.txt", DkimProblem.BadKeyRecord)]
    [InlineData("test_tlsrpt.txt", DkimProblem.KeyForOtherService)]
    public async Task DkimpyKeyRecord_OverSignatureOfItsKey_IsJudged(string file, object problem)
    {
        using var key = DkimKey.FromPem("example.com", "test", Text("dkimpy/test.private"), out _)!;
        var message = Octets.WithCrLf(File.ReadAllBytes(Path("dkimpy/test.message")));
        var signed = DkimSamples.Sign(Octets.Text(message), key);
        var dns = DkimSamples.Dns(new Dictionary<string, string> { ["test._domainkey.example.com"] = Text($"dkimpy/{file}") });

        var result = (await DkimSamples.Verify(Octets.Of(signed), dns)).ShouldHaveSingleItem();

        (result.Status, result.Reason).ShouldBe(DkimProblems.Describe((DkimProblem)problem));
    }

    [SharedDataTheory]
    [InlineData("rfc8032_7_1.key", "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")]
    [InlineData("ed25519test.key", "p=yi50DjK5O9pqbFpNHklsv9lqaS0ArSYu02qp1S0DW1Y=")]
    public void Ed25519Seed_Read_GivesItsPublicKey(string file, string published)
    {
        var pem = PrivateKeyPem.FromSeed(Convert.FromBase64String(Text($"dkimpy/{file}")));

        using var key = DkimKey.FromPem("example.com", "test", pem, out var error).ShouldNotBeNull(error);

        key.DnsRecord.ShouldBe($"v=DKIM1; k=ed25519; {published}");
    }

    [SharedDataFact]
    public async Task TooManySignatures_BeyondTheMost_AreNotLookedAt()
    {
        var mail = Octets.Text(File.ReadAllBytes(Path("go-msgauth/verifiedMailString.eml")));
        var signature = mail[..mail.IndexOf("Received:", StringComparison.Ordinal)];
        var lookups = 0;
        var dns = DkimSamples.Dns(FootballDns());

        var results = await DkimSamples.Verify(
            Octets.Of(string.Concat(Enumerable.Repeat(signature, 40)) + mail),
            (name, cancellation) =>
            {
                lookups++;
                return dns(name, cancellation);
            });

        results.Count.ShouldBe(DkimVerifier.MaxSignatures);
        lookups.ShouldBe(DkimVerifier.MaxSignatures);
    }

    private static Task<IReadOnlyList<DkimResult>> Verify(string file, Dictionary<string, string> dns) =>
        DkimSamples.Verify(Octets.WithCrLf(File.ReadAllBytes(Path(file))), DkimSamples.Dns(dns));

    private static Dictionary<string, string> FootballDns() => new()
    {
        ["brisbane._domainkey.example.com"] = Rsa1024,
        ["newengland._domainkey.example.com"] = RawRsa,
        ["brisbane._domainkey.football.example.com"] = Ed25519,
        ["test._domainkey.football.example.com"] = Text("dkimpy/test.txt"),
    };

    private static string Path(string file) => SharedData.Path($"dkim/{file}");

    private static string Text(string file) => File.ReadAllText(Path(file)).Trim();
}
