using Shouldly;
using Webcluster.Protocol.Buffers;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

/// <summary>
/// OpenDKIM's signing vectors. RSA signatures are deterministic, so b= must come out exactly. OpenDKIM chooses other tags, order and fields
/// than we do; all that stands in front of b= is taken from the vector, and hashed and signed by what <see cref="DkimSigner"/> uses.
/// </summary>
public class OpenDkimSigningTests
{
    private const string Sha1 = "rsa-sha1: signers MUST NOT (RFC 8301 section 3.1)";

    private static readonly Dictionary<string, string> Excluded = new(StringComparer.Ordinal)
    {
        ["t-test00"] = Sha1, ["t-test01"] = Sha1, ["t-test02"] = Sha1, ["t-test03"] = Sha1,
        ["t-test08"] = Sha1, ["t-test09"] = Sha1, ["t-test10"] = Sha1, ["t-test11"] = Sha1,
        ["t-test50"] = Sha1, ["t-test65"] = Sha1, ["t-test71"] = Sha1, ["t-test77"] = Sha1,
        ["t-test79"] = Sha1, ["t-test81"] = Sha1, ["t-test90"] = Sha1, ["t-test91"] = Sha1,
        ["t-test92"] = Sha1, ["t-test140"] = Sha1, ["t-test147"] = Sha1, ["t-test152"] = Sha1,
    };

    [SharedDataFact]
    public void Vectors_SignedAsTheySay_GiveTheSameOctets()
    {
        var key = SigningKey();
        foreach (var row in OpenDkimCase.All("sign"))
        {
            var expected = SignatureField.Parse(Octets.Of($"DKIM-Signature: {row.Signature}"));
            if (Excluded.ContainsKey(row.Id))
            {
                expected.Problem.ShouldBe(DkimProblem.Sha1Refused, $"{row.Id} is excluded for no reason");
                continue;
            }
            expected.Problem.ShouldBe(DkimProblem.None, row.Id);
            var message = HeaderBlock.Scan(row.Message);
            var hash = new byte[BodyDigest.HashOctets];
            BodyDigest.Compute(expected.BodyKind, row.Message.AsSpan(message.BodyOffset), hash, expected.BodyLength ?? long.MaxValue);
            hash.ShouldBe(expected.BodyHash, $"{row.Id}: bh=");
            HeaderHash(expected, message, hash);
            key.SignHash(hash).ShouldBe(expected.Signature, $"{row.Id}: b=");
        }
    }

    [SharedDataFact]
    public async Task Messages_SignedByUs_Verify()
    {
        var key = SigningKey();
        foreach (var row in OpenDkimCase.All("sign"))
        {
            foreach (var header in Enum.GetValues<Canonicalization>())
            {
                foreach (var body in Enum.GetValues<Canonicalization>())
                {
                    var signed = DkimSamples.Sign(Octets.Text(row.Message), new DkimSigningPolicy(header, body), key);
                    var result = (await DkimSamples.Verify(signed, key)).ShouldHaveSingleItem();
                    result.Status.ShouldBe(DkimStatus.Pass, $"{row.Id} {header}/{body}: {result.Reason}");
                }
            }
        }
    }

    [Fact]
    public void Exclusions_Reasons_AreGiven() => Excluded.Values.ShouldAllBe(reason => reason.Length > 0);

    private static DkimKey SigningKey()
    {
        var key = DkimKey.FromPem("example.com", "test", File.ReadAllText(OpenDkimCase.Path("signing_key.pem")), out var error);
        error.ShouldBeNull();
        return key!;
    }

    private static void HeaderHash(SignatureField expected, HeaderBlock message, Span<byte> hash)
    {
        var (start, end) = expected.SignatureValue;
        byte[] unsigned = [.. expected.Octets.Span[..start], .. expected.Octets.Span[end..]];
        using var fields = new RentedWriter(4096);
        CanonicalHeader.AppendFields(new SignableHeader(added: null, message), expected.SignedNames, expected.HeaderKind, -1, fields);
        CanonicalHeader.Hash(fields, unsigned, expected.HeaderKind, hash);
    }
}
