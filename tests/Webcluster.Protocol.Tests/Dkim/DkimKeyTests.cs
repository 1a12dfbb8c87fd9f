using System.Security.Cryptography;
using Shouldly;
using Webcluster.Protocol.Dkim;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

public class DkimKeyTests
{
    private static readonly byte[] Hash = SHA256.HashData("header"u8);

    [Theory]
    [InlineData(DkimAlgorithm.RsaSha256, "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", 256)]
    [InlineData(DkimAlgorithm.Ed25519Sha256, "v=DKIM1; k=ed25519; p=", 64)]
    public void GeneratedPem_Read_IsAKeyOfThatAlgorithm(DkimAlgorithm algorithm, string record, int signatureOctets)
    {
        using var key = DkimKey.FromPem("Example.COM", "s2026_a", DkimKey.GeneratePem(algorithm), out var error).ShouldNotBeNull();

        error.ShouldBeNull();
        (key.Algorithm, key.Domain, key.Selector).ShouldBe((algorithm, "example.com", "s2026_a"));
        key.DnsRecord.ShouldStartWith(record);
        key.SignHash(Hash).Length.ShouldBe(signatureOctets);
        key.SignHash(Hash).ShouldBe(key.SignHash(Hash)); // both algorithms are deterministic
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(4096)]
    public void RsaPem_AsPkcs1AndPkcs8_IsTheSameKey(int bits)
    {
        using var rsa = RSA.Create(bits);
        using var one = DkimKey.FromPem("example.com", "s", rsa.ExportRSAPrivateKeyPem(), out _).ShouldNotBeNull();
        using var eight = DkimKey.FromPem("example.com", "s", "text in front\n" + rsa.ExportPkcs8PrivateKeyPem(), out _).ShouldNotBeNull();

        one.DnsRecord.ShouldBe(eight.DnsRecord);
        rsa.VerifyHash(Hash, one.SignHash(Hash), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
    }

    [Fact]
    public void PemWithPublicKeyInFront_Read_TakesThePrivateOne()
    {
        using var rsa = RSA.Create(1024);

        var pem = $"{rsa.ExportSubjectPublicKeyInfoPem()}\n{rsa.ExportPkcs8PrivateKeyPem()}";
        using var key = DkimKey.FromPem("example.com", "s", pem, out _);

        key.ShouldNotBeNull();
    }

    public static TheoryData<string, string> BadPems()
    {
        using var small = RSA.Create(512);
        using var large = RSA.Create(4104);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(1024);
        var pkcs1 = rsa.ExportRSAPrivateKey();
        var passphrase = new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, iterationCount: 1);
        return new TheoryData<string, string>
        {
            { "", "no PEM block" },
            { "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=", "no PEM block" },
            { rsa.ExportSubjectPublicKeyInfoPem(), "no PEM block" },
            { small.ExportRSAPrivateKeyPem(), "512 bits" },
            { large.ExportPkcs8PrivateKeyPem(), "4104 bits" },
            { curve.ExportECPrivateKeyPem(), "EC PRIVATE KEY cannot" },
            { curve.ExportPkcs8PrivateKeyPem(), "algorithm 1.2.840.10045.2.1 cannot" },
            { rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", passphrase), "encrypted" },
            { PemEncoding.WriteString("RSA PRIVATE KEY", pkcs1.AsSpan()[..^1]), "damaged" },
            { PemEncoding.WriteString("PRIVATE KEY", pkcs1), "damaged" },
            { PemEncoding.WriteString("PRIVATE KEY", []), "damaged" },
            { PrivateKeyPem.FromSeed(new byte[31]), "damaged" },
        };
    }

    [Theory]
    [MemberData(nameof(BadPems))]
    public void BadPem_Read_IsRefusedInOneLine(string pem, string reason)
    {
        DkimKey.FromPem("example.com", "s", pem, out var error).ShouldBeNull();

        error.ShouldNotBeNull().ShouldContain(reason);
        error.ShouldNotContain('\n');
    }

    [Theory]
    [InlineData("", "s")]
    [InlineData("exa mple.com", "s")]
    [InlineData("example.com", "")]
    [InlineData("example.com", "a..b")]
    [InlineData("example.com", "a;b")]
    [InlineData("example.com", "s\r\n")]
    public void Name_ThatIsNone_IsRefused(string domain, string selector)
    {
        DkimKey.FromPem(domain, selector, DkimKey.GeneratePem(DkimAlgorithm.Ed25519Sha256), out var error).ShouldBeNull();
        error.ShouldNotBeNull();
    }

    [SharedDataFact]
    public void SmallKeyOfTheCollection_Read_IsRefused()
    {
        DkimKey.FromPem("example.com", "s", File.ReadAllText(OpenDkimCase.Path("small_key_512.pem")), out var error).ShouldBeNull();
        error.ShouldNotBeNull().ShouldContain("512 bits");
    }

    [Theory]
    [InlineData(DkimAlgorithm.RsaSha256)]
    [InlineData(DkimAlgorithm.Ed25519Sha256)]
    public void Key_UsedByManyThreads_SignsRight(DkimAlgorithm algorithm)
    {
        using var key = DkimSamples.NewKey(algorithm, "example.com", "s");
        var expected = key.SignHash(Hash);

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => key.SignHash(Hash).ShouldBe(expected));
    }

    [Theory]
    [InlineData(DkimAlgorithm.RsaSha256)]
    [InlineData(DkimAlgorithm.Ed25519Sha256)]
    public void Key_Disposed_SignsNoMore(DkimAlgorithm algorithm)
    {
        var key = DkimSamples.NewKey(algorithm, "example.com", "s");
        key.SignHash(Hash);
        key.Dispose();

        Should.Throw<ObjectDisposedException>(() => key.SignHash(Hash));
    }
}
