using Shouldly;
using Webcluster.Protocol.Dkim;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

public class TagListTests
{
    [Theory]
    [InlineData("a=1", "a=1")]
    [InlineData("a=1;", "a=1")]
    [InlineData("a=1; ", "a=1")]
    [InlineData(" a = 1 ; b=2", "a=1|b=2")]
    [InlineData("\r\n\ta=1;\r\n b=x\r\n y\r\n ", "a=1|b=x\r\n y")]
    [InlineData("a=", "a=")]
    [InlineData("p=;n=a note", "p=|n=a note")]
    [InlineData("a==b=", "a==b=")]
    [InlineData("A_1=x;a_1=y", "A_1=x|a_1=y")]
    [InlineData("n=\u00c3\u00a4", "n=\u00c3\u00a4")]
    public void TagList_WellFormed_IsRead(string text, string expected)
    {
        TagList.Parse(Octets.Of(text), out var tags).ShouldBe(DkimProblem.None);

        foreach (var pair in expected.Split('|'))
        {
            var name = pair[..pair.IndexOf('=', StringComparison.Ordinal)];
            tags.TryGet(Octets.Of(name), out var value).ShouldBeTrue();
            $"{name}={Octets.Text(value.Span)}".ShouldBe(pair);
        }
        tags.Has("z"u8).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(";")]
    [InlineData("a")]
    [InlineData("=1")]
    [InlineData("a=1;;")]
    [InlineData(";a=1")]
    [InlineData("a=1; ;b=2")]
    [InlineData("a=1;b")]
    [InlineData("1a=1")]
    [InlineData("a-b=1")]
    [InlineData("a b=1")]
    [InlineData("\u00e4=1")]
    [InlineData("a=\0")]
    [InlineData("a=\u007f")]
    [InlineData("a=1\r\n")]
    [InlineData("a=1\r\nb=2")]
    [InlineData("a=1\r 2")]
    [InlineData("a=1\n 2")]
    [InlineData("a\r\n=1")]
    public void TagList_Malformed_IsRefused(string text) => TagList.Parse(Octets.Of(text), out _).ShouldBe(DkimProblem.NotATagList);

    [Fact]
    public void TagList_SameNameTwice_IsRefused() => TagList.Parse("a=1;b=2;a=1"u8.ToArray(), out _).ShouldBe(DkimProblem.DuplicateTag);

    [Theory]
    [InlineData(TagList.MaxTags, DkimProblem.None)]
    [InlineData(TagList.MaxTags + 1, DkimProblem.TooManyTags)]
    public void TagList_ManyTags_IsBounded(int count, object problem) =>
        TagList.Parse(Octets.Of(string.Join(';', Enumerable.Range(0, count).Select(n => $"t{n}=x"))), out _).ShouldBe((DkimProblem)problem);

    [Fact]
    public void RandomOctets_AsTagListFieldAndRecord_NeverThrow()
    {
        string[] words =
        [
            "v=1", "v=DKIM1", "a=rsa-sha256", "d=example.com", "s=s", "h=From", "h=", "bh=", "b=AAAA", "i=@", "l=9", "t=1", "x=2",
            "c=relaxed/", "q=dns/txt", "p=", "k=ed25519", ";", "; ", "=", "\r\n ", "\r\n", " ", "\t", ":", "@", "\0", "\u00ff",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "99999999999999999999999999999999999999",
        ];
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(random.GetItems(words, random.Next(30)));
            Should.NotThrow(
                () =>
                {
                    TagList.Parse(Octets.Of(text), out _);
                    KeyRecord.Parse(text, out _);
                    var signature = SignatureField.Parse(Octets.Of($"DKIM-Signature:{text}\r\n"));
                    var (start, end) = signature.SignatureValue;
                    (start <= end && end <= signature.Octets.Length).ShouldBeTrue();
                },
                $"seed {seed}");
        }
    }
}
