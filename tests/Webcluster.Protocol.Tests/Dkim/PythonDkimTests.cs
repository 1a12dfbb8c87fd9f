using System.Security.Cryptography;
using Shouldly;
using Webcluster.Protocol.Dkim;

namespace Webcluster.Protocol.Tests.Dkim;

/// <summary>Ours against theirs, both ways.</summary>
public class PythonDkimTests
{
    private static readonly string[] Messages =
    [
        DkimSamples.Message,
        "From: a@football.example.com\r\n\r\n",
        "From: a@football.example.com\r\nSubject: \u00c3\u00a4 \t b \r\n\r\n \t \r\n\r\nx \ty\r\n \r\n\r\n",
        "From: a@football.example.com\r\nSubject:\r\n\r\nno line end",
    ];

    [PythonDkimFact]
    public void OurSignatures_VerifiedByDkimpy_AreRight()
    {
        var dns = new[] { DkimSamples.Rsa, DkimSamples.Ed }.ToDictionary(DkimSamples.RecordName, key => key.DnsRecord);
        foreach (var message in Messages)
        {
            foreach (var header in Enum.GetValues<Canonicalization>())
            {
                foreach (var body in Enum.GetValues<Canonicalization>())
                {
                    var signed = DkimSamples.Sign(message, new DkimSigningPolicy(header, body), DkimSamples.Rsa, DkimSamples.Ed);
                    PythonDkim.Verify(signed, dns).ShouldBe([true, true], $"{header}/{body}: {message}");
                }
            }
        }
    }

    [PythonDkimFact]
    public void OurSignature_BodyChanged_IsWrongForDkimpyToo()
    {
        var dns = new[] { DkimSamples.Rsa, DkimSamples.Ed }.ToDictionary(DkimSamples.RecordName, key => key.DnsRecord);
        var signed = DkimSamples.Sign(DkimSamples.Message, DkimSamples.Rsa, DkimSamples.Ed);

        PythonDkim.Verify(signed.Replace("hungry", "thirsty", StringComparison.Ordinal), dns).ShouldBe([false, false]);
    }

    [PythonDkimFact]
    public async Task SignaturesOfDkimpy_VerifiedByUs_AreRight()
    {
        using var rsa = RSA.Create(2048);
        using var key = DkimKey.FromPem("example.com", "s", rsa.ExportRSAPrivateKeyPem(), out _)!;
        foreach (var message in Messages)
        {
            foreach (var header in new[] { "simple", "relaxed" })
            {
                foreach (var body in new[] { "simple", "relaxed" })
                {
                    var signed = PythonDkim.Sign(message, rsa.ExportRSAPrivateKeyPem(), header, body) + message;
                    var result = (await DkimVerifier.VerifyAsync(Octets.Of(signed), DkimSamples.Dns(key), DateTimeOffset.UtcNow, default))
                        .ShouldHaveSingleItem();
                    result.Status.ShouldBe(DkimStatus.Pass, $"{header}/{body}: {result.Reason}");
                }
            }
        }
    }
}
