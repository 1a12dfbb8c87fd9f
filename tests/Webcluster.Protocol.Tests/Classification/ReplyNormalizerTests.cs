using Shouldly;
using Webcluster.Protocol.Classification.Text;
using Xunit;

namespace Webcluster.Protocol.Tests.Classification;

public sealed class ReplyNormalizerTests
{
    [Theory]
    [InlineData("550 5.1.1 User unknown", "user unknown")]
    [InlineData("550-5.1.1 The account\r\n550 5.1.1 is gone", "the account is gone")]
    [InlineData("550 5.1.1 <a.b@example.net>... User Unknown", "{addr} user unknown")]
    [InlineData("550 mail to a@example.net: no", "mail to {addr} no")]
    [InlineData("554 Client [192.0.2.9] and [2001:db8::7]", "client {ip} and {ip}")]
    [InlineData("554 mx[192.0.2.9]:25 said", "mx {ip} 25 said")]
    [InlineData("554 blocked using zen.spamhaus.org; bye", "blocked using {host} bye @zen @spamhaus")]
    [InlineData("554 host a.mail.example.co.uk here", "host {host} here @example")]
    [InlineData("550 host mx[192.0.2.1] said: 550 5.1.1 no (in reply to RCPT TO command)", "host mx {ip} said no")]
    [InlineData("host mx.example.net[192.0.2.1] said: 550 5.1.1 no (in reply to RCPT TO command)", "no @mx @example")]
    [InlineData("smtp; 550 5.1.1 no Giving up on 192.0.2.1.", "no")]
    [InlineData("timed out, said: 550", "timed out said")]
    [InlineData("554 see https://lookup.example.org/q/ip/192.0.2.9?why=bad-DNS", "see {url} q ip 192 0 2 9 why bad dns @lookup @example")]
    [InlineData("450 Greylisted for 300 seconds, or 00:05:00", "greylisted for {duration} or {duration}")]
    [InlineData("550 id 4f9a0b1c2d3e and 1234567", "id {id} and {n}")]
    [InlineData("550 (S3150) [TSS04] LPN007_416", "s3150 tss04 lpn007 416")]
    [InlineData("550 user doesn't exist; it isn’t here", "user doesnt exist it isnt here")]
    [InlineData("550 E-Mail, e-mail, email", "email email email")]
    [InlineData("550 unknown.Please check RESOLVER.ADR.RecipientNotFound", "unknown please check resolver adr recipientnotfound")]
    [InlineData("550 Boîte PLEINE, Größe, Łódź, Ёлка", "boite pleine große lodz елка")]
    [InlineData("550 宛先不明 ＡＢＣ", "宛 先 不 明 abc")]
    [InlineData("550 BoÃ®te", "boite")]
    [InlineData("550 ç®±", "箱")]
    [InlineData("550 用户：ann@a.example，不存在。", "用 户 {addr} 不 存 在")]
    [InlineData("", "")]
    [InlineData("<<>>((", "")]
    [InlineData("550 a@ @b", "a b")]
    public void Normalize_Words_AreThoseThatMatter(string reply, string words) =>
        ReplyNormalizer.Normalize(reply).Words.Trim().ShouldBe(words.Replace("große", "grose", StringComparison.Ordinal));

    [Theory]
    [InlineData("550 5.1.1 User unknown", 550, "5.1.1", true)]
    [InlineData("550-5.1.1 User unknown", 550, "5.1.1", true)]
    [InlineData("450 busy", 450, "", false)]
    [InlineData("554 4.4.7 expired", 554, "4.4.7", true)]
    [InlineData("sorry, no mailbox here (#5.1.1)", 0, "5.1.1", true)]
    [InlineData("#4.4.1", 0, "4.4.1", false)]
    [InlineData("host mx[192.0.2.1] said: 452 4.2.2 full (in reply to RCPT TO command)", 452, "4.2.2", false)]
    [InlineData("smtp; 550 5.1.1 no", 550, "5.1.1", true)]
    [InlineData("the mailbox has 500 messages", 0, "", null)]
    [InlineData("no code at all", 0, "", null)]
    [InlineData("it failed, call (415) 555-2671", 0, "", null)]
    [InlineData("it failed. Phone: 512-555-0100", 0, "", null)]
    [InlineData("554-192.0.2.1 is listed", 554, "", true)]
    [InlineData("错误信息：452 Mailbox busy", 452, "", false)]
    [InlineData("エラー（550 5.1.1）", 550, "5.1.1", true)]
    [InlineData("250 2.1.5 fine", 0, "", null)]
    [InlineData("5500 x", 0, "", null)]
    [InlineData("399 x", 0, "", null)]
    [InlineData("600 x", 0, "", null)]
    public void Normalize_Codes_AreThoseOfTheRemote(string reply, int code, string enhanced, bool? permanent)
    {
        var text = ReplyNormalizer.Normalize(reply);
        text.Code.ShouldBe(code);
        text.Enhanced.ToString().ShouldBe(enhanced);
        text.Permanent.ShouldBe(permanent);
    }

    [Fact]
    public void Normalize_AfterTheLimit_ReadsNothing()
    {
        var filled = new string(' ', ReplyNormalizer.MaxLength - 4);
        ReplyNormalizer.Normalize($"{filled}last more").Words.Trim().ShouldBe("last");
    }
}
