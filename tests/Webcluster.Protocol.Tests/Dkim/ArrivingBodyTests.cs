using Shouldly;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

public class ArrivingBodyTests
{
    private const string Body = "Two  spaces \t\r\n\r\nand \r in a line\r\n \r\n\r\n";

    [Theory]
    [InlineData("From: a@b.example\r\n\r\n" + Body)]
    [InlineData("From: a@b.example\r\nSubject: folded\r\n over\r\n lines\r\n\r\n" + Body)]
    [InlineData("From: a@b.example\r\n\r\n\r\n\r\n" + Body)]
    [InlineData("\r\n" + Body)]
    [InlineData("From: a@b.example\r\n\r\n")]
    [InlineData("From: a@b.example\r\n")]
    [InlineData("From: a@b.example\r\n\r\n.")]
    [InlineData("From: a@b.example\r\r\nTo: \n\r\n\r\nx")]
    [InlineData("")]
    public void Finish_HoweverTheMessageIsCut_IsTheHashOfItsBody(string message)
    {
        var octets = Octets.Of(message);
        foreach (var kind in Enum.GetValues<Canonicalization>())
        {
            var whole = BodyHash.Of(kind, octets.AsSpan(HeaderBlock.Scan(octets).BodyOffset));
            for (var size = 1; size <= octets.Length + 1; size++)
            {
                using var arriving = new ArrivingBody(kind);
                foreach (var piece in octets.Chunk(size)) arriving.Append(piece);
                arriving.Finish().ShouldBe(whole);
            }
        }
    }

    [Fact]
    public void Sign_BodyArrivedAndWasHashed_IsTheSame()
    {
        using var arriving = new ArrivingBody(Canonicalization.Relaxed);
        arriving.Append(Octets.Of(DkimSamples.Message));

        SignWith(arriving.Finish()).ShouldBe(DkimSamples.Sign(DkimSamples.Message, DkimSamples.Ed));
    }

    [Theory]
    [InlineData(Canonicalization.Simple, 0)]
    [InlineData(Canonicalization.Relaxed, 1)]
    public void Sign_HashIsOfSomethingElse_TakesItsOwn(Canonicalization kind, int longer)
    {
        var length = DkimSamples.Message.Length - Octets.Header(DkimSamples.Message).BodyOffset + longer;

        SignWith(new BodyHash(kind, length, "AAAA")).ShouldBe(DkimSamples.Sign(DkimSamples.Message, DkimSamples.Ed));
    }

    private static string SignWith(BodyHash arrived) => Octets.Text(DkimSigner.Sign(
        default, Octets.Header(DkimSamples.Message), [DkimSamples.Ed], DkimSigningPolicy.Default, DkimSamples.Now, arrived)) + DkimSamples.Message;
}
