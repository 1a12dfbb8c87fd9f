using System.Text;
using Shouldly;
using Webcluster.Protocol.Mime;
using Xunit;

namespace Webcluster.Protocol.Tests.Mime;

public sealed class MimeParserTests
{
    public static TheoryData<string, string> Structures => new()
    {
        { "Subject: x\n\nhello\n", "text/plain[hello]" },
        { "\n\nFrom someone Thu Jan  1 00:00:00 2026\n>From old\nSubject: x\n\nhello", "text/plain[hello]" },
        { "no header at all", "text/plain[no header at all]" },
        { "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\nbehind",
            "multipart/mixed(text/plain[one] text/plain[two])" },
        { "Content-Type: multipart/mixed; boundary=\"b c\"\n\nbefore\n--b c \n\none\n--b c--", "multipart/mixed(text/plain[one])" },
        { "Content-Type: multipart/mixed; boundary=b\n\n --b\n\none\n --b--\n", "multipart/mixed(text/plain[one])" },
        { "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none", "multipart/mixed(text/plain[one])" },
        { "Content-Type: multipart/mixed; boundary=b\n\n--bb\nx\n--b\n\none\n--b--", "multipart/mixed(text/plain[one])" },
        { "Content-Type: multipart/mixed\n\n--qqq\nContent-Type: text/html\n\none\n--qqq--", "multipart/mixed(text/html[one])" },
        { "Content-Type: multipart/mixed; boundary=b\n\nnothing here", "text/plain[nothing here]" },
        { "Content-Type: multipart/mixed; boundary=b\n\n--b\nKind: of text\nAnd: more\n--b--",
            "multipart/mixed(text/plain[Kind: of text\nAnd: more])" },
        {
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: in\n\nbody\n--b--",
            "multipart/mixed(message/rfc822(text/plain[body]))"
        },
        {
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
                + "U3ViamVjdDogaW4KCmJvZHk=\n--b--",
            "multipart/mixed(message/rfc822(text/plain[body]))"
        },
        {
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
                + "Subject: in\n\nbody\n--b--",
            "multipart/mixed(message/rfc822(text/plain[body]))"
        },
        {
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; "
                + "boundary=b2\n\n--b2\n\none\n--b\n\ntwo\n--b--",
            "multipart/mixed(multipart/alternative(text/plain[one]) text/plain[two])"
        },
    };

    [Theory]
    [MemberData(nameof(Structures))]
    public void Parse_Structure_IsSameForEachLineEnd(string mail, string expected)
    {
        foreach (var lineEnd in new[] { "\n", "\r\n", "\r" })
            Describe(Parse(mail.Replace("\n", lineEnd, StringComparison.Ordinal))).Replace("\r\n", "\n",
                StringComparison.Ordinal).ShouldBe(expected);
    }

    [Theory]
    [InlineData("Subject: a\n b\n\tc\n\n", "a b\tc")]
    [InlineData("subject : a\n\n", "a")]
    [InlineData("Subject: =?utf-8?Q?caf=C3=A9?= x\n\n", "café x")]
    [InlineData("Subject:\n\n", "")]
    public void DecodedValue_Row_IsText(string mail, string expected) => Parse(mail).Header.DecodedValue("Subject").ShouldBe(expected);

    [Fact]
    public void Parse_MoreThanLimits_StopsThere()
    {
        var limits = new MimeLimits { MaxParts = 5, MaxDepth = 2, MaxFields = 3, MaxOctets = 10_000 };
        var parts = "Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--b\n\nx\n", 50));
        Parse(parts, limits).Parts.Count.ShouldBe(4);

        var deep = string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\n\n", 50));
        Parse(deep, limits).Parts[0].Parts[0].Parts.ShouldBeEmpty();

        Parse("A: 1\nB: 2\nC: 3\nD: 4\n\nbody", limits).ShouldSatisfyAllConditions(
            mail => mail.Header.Has("C").ShouldBeTrue(),
            mail => mail.Header.Has("D").ShouldBeFalse(),
            mail => mail.ReadText().ShouldBe("body"));
        Parse(new string('x', 20_000), limits).Body.Length.ShouldBe(10_000);
    }

    [Fact]
    public void ReadText_Html_IsItsWords() =>
        Parse("Content-Type: text/html\n\n<style>b{}</style><p>Mail to <b>a&#64;example.com</b> &lt;failed&gt;</p><!-- x -->end")
            .ReadText().Trim().ShouldBe("Mail to a@example.com <failed>\nend");

    [Theory]
    [InlineData("iso-2022-jp", "quoted-printable", "=1B$B%a!<%k=1B(B", "メール")]
    [InlineData("utf-8", "base64", "Y2Fmw6k=", "café")]
    [InlineData("unknown-8bit", "8bit", "plain", "plain")]
    [InlineData("x-nonsense", "QUOTED-PRINTABLE", "a=\nb=3D=ZZ", "ab==ZZ")]
    // Names that .NET does not have.
    [InlineData("windows-31j", "quoted-printable", "=83=81=81=5B=83=8B=87=40", "メール①")]
    [InlineData("cp932", "quoted-printable", "=83=81", "メ")]
    [InlineData("MS932", "quoted-printable", "=83=81", "メ")]
    [InlineData("cp1251", "quoted-printable", "=CE=F8=E8=E1=EA=E0", "Ошибка")]
    [InlineData("windows1251", "quoted-printable", "=CE", "О")]
    [InlineData("cp949", "quoted-printable", "=BF=C0=B7=F9", "오류")]
    [InlineData("uhc", "quoted-printable", "=BF=C0=B7=F9", "오류")]
    [InlineData("x-windows-949", "quoted-printable", "=BF=C0=B7=F9", "오류")]
    [InlineData("cp936", "quoted-printable", "=B4=ED=CE=F3", "错误")]
    [InlineData("x-gbk", "quoted-printable", "=B4=ED=CE=F3", "错误")]
    [InlineData("iso8859_2", "quoted-printable", "=B3", "ł")]
    [InlineData("iso-2022-jp-ms", "quoted-printable", "=1B$B%a!<%k=1B(B", "メール")]
    [InlineData("cp50221", "quoted-printable", "=1B$B%a!<%k=1B(B", "メール")]
    [InlineData("cp99999999999", "quoted-printable", "=C3=A9", "é")]
    [InlineData("iso8859-65000", "quoted-printable", "=C3=A9", "é")]
    // Text that does not say what it is.
    [InlineData("us-ascii", "quoted-printable", "=1B$B%a!<%k=1B(B", "メール")]
    [InlineData("utf-8", "quoted-printable", "=1B$@%a!<%k=1B(J", "メール")]
    [InlineData("x-nonsense", "quoted-printable", "=1B$)C=0E?@7y=0F", "오류")]
    public void ReadText_CharsetAndEncoding_AreDecoded(string charset, string encoding, string body, string expected) =>
        Parse($"Content-Type: text/plain; charset=\"{charset}\"\nContent-Transfer-Encoding: "
            + $"{encoding}\n\n{body}").ReadText().ShouldBe(expected);

    private static MimePart Parse(string mail, MimeLimits? limits = null) =>
        MimeParser.Parse(Encoding.Latin1.GetBytes(mail), limits ?? MimeLimits.Default);

    private static string Describe(MimePart part)
    {
        var inner = part.Parts.Count > 0 ? $"({string.Join(' ', part.Parts.Select(Describe))})" : $"[{Text(part)}]";
        return $"{part.Type.Type}/{part.Type.Subtype}{inner}";
    }

    private static string Text(MimePart part) =>
        part.ReadText().Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').TrimEnd('\n');
}
