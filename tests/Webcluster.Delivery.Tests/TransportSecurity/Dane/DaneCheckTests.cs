using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Webcluster.Delivery.TransportSecurity.Dane;
using Webcluster.Protocol.Dns;
using Xunit;

namespace Webcluster.Delivery.Tests.TransportSecurity.Dane;

public sealed class DaneCheckTests : IDisposable
{
    private readonly TestAuthority _root = new();
    private readonly TestAuthority _middle;
    private readonly X509Certificate2 _leaf;

    public DaneCheckTests()
    {
        _middle = new TestAuthority("CN=test intermediate", _root);
        _leaf = _middle.Issue("mx.test");
    }

    public void Dispose()
    {
        _leaf.Dispose();
        _middle.Dispose();
        _root.Dispose();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    public void EndEntity_OfThisCertificate_MatchesWhateverItsName(byte selector, byte matching)
    {
        using var other = _middle.Issue("mx.test");
        var record = Record(3, selector, matching, _leaf);
        DaneCheck.Matches([record], _leaf, [], "another.test").ShouldBeTrue();
        DaneCheck.Matches([record], other, [], "mx.test").ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(0, 0)]
    public void TrustAnchor_InTheChain_Matches(byte selector, byte matching)
    {
        DaneCheck.Matches([Record(2, selector, matching, _middle.Certificate)], _leaf, [_middle.Certificate], "mx.test").ShouldBeTrue();
        DaneCheck.Matches([Record(2, selector, matching, _root.Certificate)], _leaf, [_middle.Certificate, _root.Certificate], "mx.test")
            .ShouldBeTrue();
    }

    [Fact]
    public void TrustAnchor_WholeInTheRecord_NeedNotBeSent() =>
        DaneCheck.Matches([Record(2, 0, 0, _middle.Certificate)], _leaf, [], "mx.test").ShouldBeTrue();

    [Fact]
    public void TrustAnchor_OfAnotherName_DoesNotMatch() =>
        DaneCheck.Matches([Record(2, 1, 1, _middle.Certificate)], _leaf, [_middle.Certificate], "mx2.test").ShouldBeFalse();

    [Fact]
    public void TrustAnchor_HostThatNoCertificateCanName_DoesNotMatch() =>
        DaneCheck.Matches([Record(2, 1, 1, _middle.Certificate)], _leaf, [_middle.Certificate], "_mx.test").ShouldBeFalse();

    [Fact]
    public void TrustAnchor_NamesThatCannotBeRead_DoNotMatch()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mx.test", key, HashAlgorithmName.SHA256);
        // A name that is said to be longer than all of it.
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x30, 0x05, 0x82, 0x7F, 0x6D, 0x78, 0x2E], critical: false));
        using var strange = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        DaneCheck.Matches([Record(2, 1, 1, _middle.Certificate)], strange, [_middle.Certificate], "mx.test").ShouldBeFalse();
        DaneCheck.Matches([Record(3, 1, 1, strange)], strange, [], "mx.test").ShouldBeTrue("its name does not matter then");
    }

    [Fact]
    public void TrustAnchor_Expired_DoesNotMatch()
    {
        using var old = _middle.Issue("mx.test", DateTimeOffset.UtcNow.AddDays(-1));
        DaneCheck.Matches([Record(2, 1, 1, _middle.Certificate)], old, [_middle.Certificate], "mx.test").ShouldBeFalse();
    }

    [Fact]
    public void TrustAnchor_ThatOnlyStandsBesideIt_DoesNotMatch()
    {
        using var stranger = new TestAuthority("CN=stranger");
        using var leaf = stranger.Issue("mx.test");
        DaneCheck.Matches([Record(2, 1, 1, _middle.Certificate)], leaf, [stranger.Certificate, _middle.Certificate], "mx.test").ShouldBeFalse();
    }

    [Fact]
    public void TrustAnchor_ForgedSignature_DoesNotMatch()
    {
        using var forged = _middle.Forge("mx.test");
        DaneCheck.Matches([Record(2, 1, 1, _middle.Certificate)], forged, [_middle.Certificate], "mx.test").ShouldBeFalse();
        DaneCheck.Matches([Record(2, 1, 1, _root.Certificate)], forged, [_middle.Certificate, _root.Certificate], "mx.test").ShouldBeFalse();
        using var rootForged = _root.Forge("mx.test");
        DaneCheck.Matches([Record(2, 0, 1, _root.Certificate)], rootForged, [_root.Certificate], "mx.test").ShouldBeFalse();
    }

    [Fact]
    public void TrustAnchor_ThatIsTheServersOwn_DoesNotMatch() =>
        DaneCheck.Matches([Record(2, 1, 1, _leaf)], _leaf, [_middle.Certificate], "mx.test").ShouldBeFalse();

    [Theory]
    [InlineData(3, 1, 1, 32, true)]
    [InlineData(2, 0, 2, 64, true)]
    [InlineData(3, 0, 0, 5, true)]
    [InlineData(0, 1, 1, 32, false)]
    [InlineData(1, 1, 1, 32, false)]
    [InlineData(4, 1, 1, 32, false)]
    [InlineData(3, 2, 1, 32, false)]
    [InlineData(3, 1, 3, 32, false)]
    [InlineData(3, 1, 1, 31, false)]
    [InlineData(3, 1, 2, 32, false)]
    [InlineData(3, 1, 0, 0, false)]
    public void Usable_Record_IsOneThatCanMatch(byte usage, byte selector, byte matching, int octets, bool expected) =>
        DaneRecords.Usable([new TlsaRecord(usage, selector, matching, new byte[octets])]).Count.ShouldBe(expected ? 1 : 0);

    private static TlsaRecord Record(byte usage, byte selector, byte matching, X509Certificate2 certificate)
    {
        var octets = selector == 0 ? certificate.RawData : certificate.PublicKey.ExportSubjectPublicKeyInfo();
        return new TlsaRecord(usage, selector, matching, matching switch { 1 => SHA256.HashData(octets), 2 => SHA512.HashData(octets), _ => octets });
    }
}
