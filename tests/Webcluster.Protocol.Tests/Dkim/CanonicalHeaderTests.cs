using Shouldly;
using Webcluster.Protocol.Buffers;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

public class CanonicalHeaderTests
{
    [Theory]
    [InlineData("A: X\r\n", "a:X")] // rfc6376#3.4.5
    [InlineData("B : Y\t\r\n\tZ  \r\n", "b:Y Z")]
    [InlineData("SubJect:\t a \t b\r\n \r\n", "subject:a b")]
    [InlineData("X-Empty:\r\n", "x-empty:")]
    [InlineData("X-Empty: \t\r\n", "x-empty:")]
    [InlineData("X-Fold:\r\n one\r\n\ttwo\r\n", "x-fold:one two")]
    [InlineData("X-Colons: a : b\r\n", "x-colons:a : b")]
    [InlineData("X-Utf: \u00c3\u0084 Z\r\n", "x-utf:\u00c3\u0084 Z")]
    [InlineData("X-Bare: a\rb\r\n", "x-bare:a\rb")]
    [InlineData("X-End: a", "x-end:a")]
    public void Field_Relaxed_IsAsTheRfcSays(string field, string expected) =>
        Canonical(field, Canonicalization.Relaxed).ShouldBe(expected);

    [Theory]
    [InlineData("A: X\r\n", "A: X")]
    [InlineData("B : Y\t\r\n\tZ  \r\n", "B : Y\t\r\n\tZ  ")]
    [InlineData("X-End: a", "X-End: a")]
    public void Field_Simple_StaysAsItIs(string field, string expected) => Canonical(field, Canonicalization.Simple).ShouldBe(expected);

    [Theory]
    [InlineData("a", "a:4\r\n")]
    [InlineData("A:a:a", "a:4\r\na:2\r\na:1\r\n")]
    [InlineData("a:b:a", "a:4\r\nb:3\r\na:2\r\n")]
    [InlineData("b:b:c:b", "b:3\r\n")]
    [InlineData("a:a:a:a:a", "a:4\r\na:2\r\na:1\r\n")]
    public void Fields_NamedSeveralTimes_AreTakenFromTheBottom(string names, string expected)
    {
        var header = new SignableHeader(Octets.Header("A: 1\r\nA: 2\r\n"), Octets.Header("B: 3\r\nA: 4\r\n\r\n"));

        Fields(header, names, signature: -1).ShouldBe(expected);
    }

    [Fact]
    public void Fields_OfTheNameOfTheSignature_LeaveItOut()
    {
        var header = new SignableHeader(added: null, Octets.Header("S: 1\r\nS: 2\r\nS: 3\r\n\r\n"));

        Fields(header, "S:S:S", signature: 1).ShouldBe("s:3\r\ns:1\r\n");
    }

    [Fact]
    public void Fields_AsManyAsAHeaderHolds_AreTaken()
    {
        var block = string.Concat(Enumerable.Repeat("A: b\r\n", HeaderBlock.MaxFields));
        var header = new SignableHeader(Octets.Header(block), Octets.Header(block));

        Fields(header, "A:A", signature: -1).ShouldBe("a:b\r\na:b\r\n");
    }

    private static string Fields(SignableHeader header, string names, int signature)
    {
        using var canonical = new RentedWriter(1);
        List<ReadOnlyMemory<byte>> list = [.. names.Split(':').Select(name => (ReadOnlyMemory<byte>)Octets.Of(name))];
        CanonicalHeader.AppendFields(header, list, Canonicalization.Relaxed, signature, canonical);
        return Octets.Text(canonical.Written);
    }

    private static string Canonical(string field, Canonicalization kind)
    {
        using var canonical = new RentedWriter(1);
        CanonicalHeader.AppendField(Octets.Of(field), kind, canonical);
        return Octets.Text(canonical.Written);
    }
}
