using System.Security.Cryptography;
using Shouldly;
using Webcluster.Protocol.Dkim;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

/// <summary>What the key record decides (RFC 6376 §3.6.1, §6.1.2), over a signature that is right.</summary>
public class KeyRecordTests
{
    private static readonly string P = DkimSamples.Rsa.DnsRecord[DkimSamples.Rsa.DnsRecord.IndexOf("p=", StringComparison.Ordinal)..];

    public static TheoryData<string, object> Rows => new()
    {
        { $"v=DKIM1; k=rsa; {P}", DkimProblem.None },
        { $"v=DKIM1;k=RSA;{P};", DkimProblem.None },
        { P, DkimProblem.None },
        { $" {P.Insert(40, " \t ")} ; n=a note", DkimProblem.None },
        { $"v=DKIM1; h=sha1 : SHA256; s=other:email; t=x:y; {P}", DkimProblem.None },
        { $"v=DKIM1; s=*; t=s; g=; unknown=1; {P}", DkimProblem.None },
        { $"v=DKIM2; {P}", DkimProblem.BadKeyRecord },
        { $"{P}; v=DKIM1", DkimProblem.BadKeyRecord },
        { $"v=DKIM1; {P}; {P}", DkimProblem.BadKeyRecord },
        { "v=DKIM1; k=rsa", DkimProblem.BadKeyRecord },
        { "v=DKIM1; p=", DkimProblem.KeyRevoked },
        { "v=DKIM1; p= ;", DkimProblem.KeyRevoked },
        { "v=DKIM1; p=####", DkimProblem.BadKeyRecord },
        { "v=DKIM1; p=AAAA", DkimProblem.BadKeyRecord },
        { $"v=DKIM1; {P.Replace("p=", "p=AAAA", StringComparison.Ordinal)}", DkimProblem.BadKeyRecord },
        { $"v=DKIM1; h=sha1; {P}", DkimProblem.KeyForOtherHash },
        { $"v=DKIM1; s=tlsrpt; {P}", DkimProblem.KeyForOtherService },
        { $"v=DKIM1; k=ed25519; {P}", DkimProblem.BadKeyRecord },
        { $"v=DKIM1; k=dsa; {P}", DkimProblem.KeyForOtherAlgorithm },
        { DkimSamples.Ed.DnsRecord, DkimProblem.KeyForOtherAlgorithm },
        { "v=spf1 -all", DkimProblem.BadKeyRecord },
        { "", DkimProblem.BadKeyRecord },
        { $"v=DKIM1; {P}; n={new string('x', KeyRecord.MaxOctets)}", DkimProblem.BadKeyRecord },
        { Published(512), DkimProblem.KeyTooSmall },
        { Published(1016), DkimProblem.KeyTooSmall },
        { Published(1024), DkimProblem.SignatureWrong },
        { Published(3072), DkimProblem.SignatureWrong },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Record_OverRightSignature_IsJudged(string record, object problem)
    {
        var result = (await Verify([record])).ShouldHaveSingleItem();

        (result.Status, result.Reason).ShouldBe(DkimProblems.Describe((DkimProblem)problem));
    }

    [Theory]
    [InlineData("t=y; ", true)]
    [InlineData("t=s:Y; ", true)]
    [InlineData("t=s; ", false)]
    [InlineData("", false)]
    public async Task Record_WithTestingFlag_SaysSo(string flags, bool testing) =>
        (await Verify([$"v=DKIM1; {flags}{P}"])).ShouldHaveSingleItem().IsTesting.ShouldBe(testing);

    [Fact]
    public async Task Records_Several_OneThatVerifiesIsEnough()
    {
        (await Verify(["v=spf1 -all", Published(1024), P])).ShouldHaveSingleItem().Status.ShouldBe(DkimStatus.Pass);
        (await Verify(["p=", "v=spf1 -all"])).ShouldHaveSingleItem().Reason.ShouldBe(DkimProblems.Describe(DkimProblem.KeyRevoked).Text);
        (await Verify([.. Enumerable.Repeat("p=", SignatureCheck.MaxRecords), P])).ShouldHaveSingleItem()
            .Status.ShouldBe(DkimStatus.PermError);
    }

    [Fact]
    public async Task Dns_WithoutAnswer_IsForNow()
    {
        var result = (await Verify(null)).ShouldHaveSingleItem();

        (result.Status, result.Domain, result.Selector).ShouldBe((DkimStatus.TempError, "football.example.com", "rsa"));
    }

    [Fact]
    public void Problems_Each_HasItsRow()
    {
        var texts = Enum.GetValues<DkimProblem>().ToDictionary(problem => problem, DkimProblems.Describe);

        texts.Values.Select(row => row.Text).Distinct(StringComparer.Ordinal).Count().ShouldBe(texts.Count);
        foreach (var (problem, (status, text)) in texts)
            (status == DkimStatus.Pass, text.Length == 0).ShouldBe((problem == DkimProblem.None, problem == DkimProblem.None));
    }

    private static string Published(int bits)
    {
        using var rsa = RSA.Create(bits);
        return $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}";
    }

    private static Task<IReadOnlyList<DkimResult>> Verify(IReadOnlyList<string>? records) => DkimSamples.Verify(
        Octets.Of(DkimSamples.Sign(DkimSamples.Message, DkimSamples.Rsa)),
        (_, _) => ValueTask.FromResult(records));
}
