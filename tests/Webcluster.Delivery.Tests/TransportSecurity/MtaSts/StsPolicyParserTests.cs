using Shouldly;
using Webcluster.Delivery.TransportSecurity.MtaSts;
using Xunit;

namespace Webcluster.Delivery.Tests.TransportSecurity.MtaSts;

public class StsPolicyParserTests
{
    private const string Head = "version: STSv1\r\nmode: enforce\r\nmax_age: 604800\r\n";

    public static TheoryData<string, string> Rows => new()
    {
        { Head + "mx: mx.example.com\r\n", "Enforce 604800 mx.example.com" },
        { "version: STSv1\nmode: testing\nmax_age: 1\nmx: MX.Example.com\nmx: *.Example.NET", "Testing 1 mx.example.com,*.example.net" },
        { "mx:a.example\nmax_age:5\nmode:enforce\nversion:STSv1", "Enforce 5 a.example" },
        { "version: STSv1\nmode: none\nmax_age: 0\n", "None 0 " },
        { Head + "mx: a.example\r\nfuture: thing: with: colons\r\n\r\n", "Enforce 604800 a.example" },
        // Of a key that is repeated the first counts.
        { Head + "mode: none\r\nmax_age: 1\r\nmx: a.example\r\n", "Enforce 604800 a.example" },
        { "version: STSv1\nmode: enforce\nmax_age: 31557600\nmx: a.example", "Enforce 31557600 a.example" },
        { "version: STSv1\nmode: enforce\nmax_age: 9999999999\nmx: a.example", "Enforce 31557600 a.example" },
        { "version: STSv1\nmode: enforce\nmax_age: 10000000000\nmx: a.example", "its max_age is no number of seconds" },
        { "version: STSv1\nmode: enforce\nmax_age: -1\nmx: a.example", "its max_age is no number of seconds" },
        { "version: STSv1\nmode: enforce\nmx: a.example", "it has no max_age" },
        { "version: STSv2\nmode: enforce\nmax_age: 1\nmx: a.example", "its version is not STSv1" },
        { "mode: enforce\nmax_age: 1\nmx: a.example", "its version is not STSv1" },
        { "version: STSv1\nmode: Enforce\nmax_age: 1\nmx: a.example", "its mode is unknown" },
        { "version: STSv1\nmax_age: 1\nmx: a.example", "it has no mode" },
        { Head, "it has no mx" },
        { Head + "mx: a.*.example\r\n", "an mx is no host name" },
        { Head + "mx: *\r\n", "an mx is no host name" },
        { Head + "mx: \r\n", "an mx is no host name" },
        { Head + "<html>", "a line has no colon" },
        { "", "its version is not STSv1" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void TryParse_Text_IsAPolicyOrHasAProblem(string text, string expected)
    {
        var told = StsPolicyParser.TryParse(text, out var policy, out var problem)
            ? $"{policy.Mode} {policy.MaxAge.TotalSeconds:F0} {string.Join(',', policy.Mx)}"
            : problem;
        told.ShouldBe(expected);
    }

    [Theory]
    [InlineData(StsPolicyParser.MostPatterns, true)]
    [InlineData(StsPolicyParser.MostPatterns + 1, false)]
    public void TryParse_ManyPatterns_AreBounded(int patterns, bool expected) =>
        StsPolicyParser.TryParse(Head + string.Concat(Enumerable.Repeat("mx: a.b\n", patterns)), out _, out _).ShouldBe(expected);

    [Fact]
    public void TryParse_TooLong_IsRefused() =>
        StsPolicyParser.TryParse(Head + new string('x', StsPolicyParser.MostOctets), out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("mx.example.com", true)]
    [InlineData("MX.EXAMPLE.COM", true)]
    [InlineData("mx2.example.com", false)]
    [InlineData("a.example.net", true)]
    [InlineData("example.net", false)]
    [InlineData("a.b.example.net", false)]
    [InlineData("aexample.net", false)]
    [InlineData(".example.net", false)]
    [InlineData("mx.example.com.evil.test", false)]
    public void Allows_Host_OnlyByNameOrOneLabel(string host, bool expected) =>
        new StsPolicy(StsMode.Enforce, ["mx.example.com", "*.example.net"], TimeSpan.Zero).Allows(host).ShouldBe(expected);

    [Theory]
    [InlineData("v=STSv1; id=20160831085700Z;", "20160831085700Z")]
    [InlineData("v=STSv1;id=a", "a")]
    [InlineData("v=STSv1 ; extension=x; id=b ;", "b")]
    [InlineData("v=STSv1; id=;", null)]
    [InlineData("v=STSv1; id=a-b;", null)]
    [InlineData("v=STSv1; id=012345678901234567890123456789012;", null)]
    [InlineData("v=STSv1;", null)]
    [InlineData("v=STSv10; id=a;", null)]
    [InlineData("id=a; v=STSv1;", null)]
    public void IdOf_OneRecord_IsItsId(string text, string? expected) => StsRecord.IdOf([text]).ShouldBe(expected);

    [Fact]
    public void IdOf_OthersBesideIt_ArePassedOver() => StsRecord.IdOf(["v=spf1 -all", "v=STSv1; id=a;"]).ShouldBe("a");

    [Fact]
    public void IdOf_TwoOfThem_IsNone() => StsRecord.IdOf(["v=STSv1; id=a;", "v=STSv1; id=b;"]).ShouldBeNull();
}
