using System.Text;
using Shouldly;
using Webcluster.Protocol.Headers;
using Xunit;

namespace Webcluster.Protocol.Tests.Headers;

public sealed class AddressListTests
{
    private const int Many = 100_000;

    [Theory]
    [InlineData("", "")]
    [InlineData("a@x", "a@x")]
    [InlineData("<a@x>", "a@x")]
    [InlineData("A B <a@x>", "a@x")]
    [InlineData("\"B, A\" <a@x>", "a@x")]
    [InlineData("\"evil@y.example\" <a@x>", "a@x")]
    [InlineData("\"<evil@y.example>\" <a@x>", "a@x")]
    [InlineData("b@y <a@x>", "a@x")]
    [InlineData("J. R. \"Bob\" Dobbs <a@x>", "a@x")]
    [InlineData("a@x, b@y", "a@x b@y")]
    [InlineData(",a@x,, b@y,", "a@x b@y")]
    [InlineData("a@x (comment), (other) b@y", "a@x b@y")]
    [InlineData("(a(b)\\)c) a@x", "a@x")]
    [InlineData("a (c) . b @ x (d) . example", "a.b@x.example")]
    [InlineData("\"a b\"@x", "\"a b\"@x")]
    [InlineData("\"a\\\",b\"@x", "\"a\\\",b\"@x")]
    [InlineData("Group: a@x, B <b@y>;", "a@x b@y")]
    [InlineData("undisclosed-recipients:;", "")]
    [InlineData("G: a@x; H: b@y;, c@z", "a@x b@y c@z")]
    [InlineData("<@r.example,@s.example:a@x>", "a@x")]
    [InlineData("A\r\n <a@x>,\r\n\tb@y", "a@x b@y")]
    [InlineData("=?utf-8?q?A=2C?= <a@x>", "a@x")]
    [InlineData("J\u00f6rg <j\u00f6rg@b\u00fccher.example>", "j\u00f6rg@xn--bcher-kva.example")]
    [InlineData("a@[192.0.2.1]", "a@[192.0.2.1]")]
    [InlineData("A <a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]")]
    public void TryReadAddresses_Readable_GivesAll(string value, string expected) => Check(value, expected, readable: true);

    [Theory]
    [InlineData("John Doe", "")]
    [InlineData("John Doe, a@x", "a@x")]
    [InlineData("a@x b@y", "")]
    [InlineData("a b@x", "")]
    [InlineData("a@x y", "")]
    [InlineData("a(c)b@x", "")]
    [InlineData("\"a\"b@x", "")]
    [InlineData("<a@x> <b@y>", "")]
    [InlineData("<a@x> b", "")]
    [InlineData("<> b@y", "")]
    [InlineData("<a@x> \"b\"", "")]
    [InlineData("<a@x", "")]
    [InlineData("a@x>", "")]
    [InlineData("<a@x, b@y>", "")]
    [InlineData("<<a@x>>", "")]
    [InlineData("<>", "")]
    [InlineData("\"a@x", "")]
    [InlineData("(a@x", "")]
    [InlineData("a@x (", "")]
    [InlineData("a@x )", "")]
    [InlineData("a@x\\", "")]
    [InlineData("a@[192.0.2.1", "")]
    [InlineData("a@x\0, b@y", "b@y")]
    [InlineData("<a@x>: b@y;", "")]
    [InlineData("a..b@x, b@y", "b@y")]
    [InlineData("<@r.example a@x>", "")]
    [InlineData("a@exam\u200bple.com", "")]
    public void TryReadAddresses_Unreadable_SaysSoAndGivesTheRest(string value, string expected) => Check(value, expected, readable: false);

    [Fact]
    public void TryReadAddresses_LongNameBeforeAnAddress_IsPassedOver()
    {
        Check(string.Concat(Enumerable.Repeat("word ", 1000)) + "<a@x>", "a@x", readable: true);
        Check(new string('w', 5000) + " <a@x>", "a@x", readable: true);
        Check(new string('w', 5000) + "@x, b@y", "b@y", readable: false);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(0, false)]
    public void TryReadAddresses_Most_IsTheLimitOverAllFields(int most, bool complete)
    {
        var block = HeaderBlock.Scan("To: a@x\r\nCc: c@z\r\nto: b@y\r\n\r\n"u8.ToArray());
        block.TryReadAddresses("To"u8, most, out var addresses).ShouldBe(complete);
        addresses.Count.ShouldBe(Math.Min(most, 2));
        block.Addresses("To"u8, most).Count.ShouldBe(Math.Min(most, 2));
    }

    // Each would take minutes or the stack where it is not linear: the comments are nested 100,000 deep.
    [Fact]
    public void TryReadAddresses_DeepOrManyDelimiters_EndsInOnePass()
    {
        Check(new string('(', Many) + new string(')', Many) + "a@x", "a@x", readable: true);
        Check(new string('(', Many) + "a@x", "", readable: false);
        Check(new string('<', Many) + "a@x", "", readable: false);
        Check(new string('"', Many) + "a@x", "", readable: false);
        Check(new string('[', Many) + "a@x", "", readable: false);
        Check(new string('\\', Many) + "a@x", "", readable: false);
        Check(new string(',', Many) + "a@x", "a@x", readable: true);
        Check(new string(':', Many) + "a@x", "a@x", readable: true);
        Check(new string('.', Many) + "a@x", "", readable: false);
        Check(string.Concat(Enumerable.Repeat("()", Many)) + "a@x", "a@x", readable: true);
    }

    [Fact]
    public void TryReadAddresses_RandomText_NeverThrows()
    {
        string[] pieces = ["a@x", "a", "@", "<", ">", "(", ")", "\"", "\\", ",", ";", ":", "[", "]", ".", " ", "\r\n ", "\0", "\u00e9",
            "\u200b", "b@y.example"];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var value = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var block = HeaderBlock.Scan(Encoding.UTF8.GetBytes($"From: {value}\r\n\r\n"));
            var addresses = Should.NotThrow(() => block.Addresses("From"u8, 100), $"seed {seed}");
            addresses.Any(mailbox => mailbox.Domain.Length == 0 || mailbox.LocalPart.Any(char.IsControl)).ShouldBeFalse($"seed {seed}");
        }
    }

    private static void Check(string value, string expected, bool readable)
    {
        var block = HeaderBlock.Scan(Encoding.UTF8.GetBytes($"From: {value}\r\n\r\n"));
        block.Defects.ShouldBe(HeaderDefects.None);
        block.TryReadAddresses("From"u8, 1000, out var addresses).ShouldBe(readable);
        string.Join(' ', addresses).ShouldBe(expected);
        string.Join(' ', block.Addresses("From"u8, 1000)).ShouldBe(expected);
    }
}
