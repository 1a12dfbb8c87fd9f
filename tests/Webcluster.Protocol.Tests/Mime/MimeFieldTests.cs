using System.Text;
using Shouldly;
using Webcluster.Protocol.Mime;
using Xunit;

namespace Webcluster.Protocol.Tests.Mime;

public sealed class MimeFieldTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=?iso-8859-1?q?caf=E9_au_lait?=", "café au lait")]
    [InlineData("=?UTF-8?B?w6k=?= =?utf-8?b?w6g=?=", "éè")]
    [InlineData("=?UTF-8?B?w6k=?= x =?utf-8?b?w6g=?=", "é x è")]
    [InlineData("(=?us-ascii*en?q?a?=)", "(a)")]
    [InlineData("=?utf-8?X?abc?=", "=?utf-8?X?abc?=")]
    [InlineData("=?utf-8?q?never ends", "=?utf-8?q?never ends")]
    [InlineData("=?", "=?")]
    [InlineData("=?=?=?", "=?=?=?")]
    public void EncodedWords_Row_AreDecoded(string text, string expected) => EncodedWords.Decode(text).ShouldBe(expected);

    [Theory]
    [InlineData("boundary=abc", "boundary", "abc")]
    [InlineData(" boundary = \"a b\\\"c\" ; x=y", "boundary", "a b\"c")]
    [InlineData("a=1; BOUNDARY=abc ;", "boundary", "abc")]
    [InlineData("boundary=a=b", "boundary", "a=b")]
    [InlineData("name*0=one; name*1=\" two\"", "name", "one two")]
    [InlineData("name*1*=%20two; name*0*=utf-8'en'%C3%A9", "name", "é two")]
    [InlineData("name*=iso-8859-1''%E9", "name", "é")]
    [InlineData("name*=%41", "name", "A")]
    [InlineData("boundary=\"open", "boundary", "open")]
    [InlineData("; ; =x; boundary", "boundary", null)]
    [InlineData("boundary=first; boundary=second", "boundary", "first")]
    public void Parameters_Row_HaveValue(string text, string name, string? expected) => MimeParameters.Parse(text)[name].ShouldBe(expected);

    [Theory]
    [InlineData(null, "text/plain")]
    [InlineData("", "text/plain")]
    [InlineData("text", "text/plain")]
    [InlineData("TEXT/Html; charset=x", "text/html")]
    [InlineData("multipart/report boundary=x", "multipart/report")]
    [InlineData("/x", "text/plain")]
    public void ContentType_Row_IsTypeAndSubtype(string? value, string expected)
    {
        var type = ContentType.Parse(value);
        $"{type.Type}/{type.Subtype}".ShouldBe(expected);
    }

    [Theory]
    [InlineData("QUJD", "ABC")]
    [InlineData("QU JD\r\nREU=", "ABCDE")]
    [InlineData("QQ==QQ==", "AA")]
    [InlineData("Q", "")]
    [InlineData("!!!", "")]
    public void Base64_Row_IsDecoded(string text, string expected) =>
        Encoding.Latin1.GetString(TransferEncoding.DecodeBase64(Encoding.Latin1.GetBytes(text), 100).Span).ShouldBe(expected);

    [Theory]
    [InlineData("a=3Db", "a=b")]
    [InlineData("a=3db=3D", "a=b=")]
    [InlineData("a=  \r\nb", "ab")]
    [InlineData("a=\nb", "ab")]
    [InlineData("a=b", "a=b")]
    [InlineData("a=", "a=")]
    [InlineData("a=4", "a=4")]
    public void QuotedPrintable_Row_IsDecoded(string text, string expected) =>
        Encoding.Latin1.GetString(TransferEncoding.DecodeQuotedPrintable(Encoding.Latin1.GetBytes(text), 100).Span).ShouldBe(expected);

    [Fact]
    public void Decode_MoreThanAsked_StopsThere()
    {
        TransferEncoding.DecodeBase64("QUJDREVG"u8, 4).Length.ShouldBe(4);
        TransferEncoding.DecodeQuotedPrintable("abcdef"u8, 4).Length.ShouldBe(4);
        TransferEncoding.Decode("abcdef"u8.ToArray(), "8bit", 4).Length.ShouldBe(4);
    }
}
