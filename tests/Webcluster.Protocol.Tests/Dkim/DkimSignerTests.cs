using Shouldly;
using Webcluster.Protocol.Dkim;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

public class DkimSignerTests
{
    [Fact]
    public void Field_OfEd25519_HasTheseOctets()
    {
        // rfc8463#A: its key, its message, our choice of fields
        var pem = PrivateKeyPem.FromSeed(Convert.FromBase64String("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="));
        using var key = DkimKey.FromPem("football.example.com", "brisbane", pem, out _)!;
        const string Message =
            "From: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\nSubject: Is dinner ready?\r\n" +
            "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\nMessage-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\n" +
            "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";

        var field = Octets.Text(DkimSigner.Sign(
            default, Octets.Header(Message), [key], new DkimSigningPolicy(Canonicalization.Relaxed, Canonicalization.Simple),
            DateTimeOffset.FromUnixTimeMilliseconds(1528637909999)));

        field[..(field.LastIndexOf(" b=", StringComparison.Ordinal) + 3)].ShouldBe(
            "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/simple;\r\n" +
            " d=football.example.com; s=brisbane; t=1528637909; h=From:From:Reply-To:\r\n" +
            " Subject:Subject:Date:Date:To:To:Cc:Message-ID:Message-ID:MIME-Version:\r\n" +
            " Content-Type; bh=4bLNXImK9drULnmePzZNEBleUanJCX5PIsDIFoH4KTQ=; b=");
    }

    [Theory]
    [InlineData("", "From:Reply-To:Subject:Date:To:Cc:Message-ID:MIME-Version:Content-Type")]
    [InlineData("From: a\r\nfrom: b\r\n", "From:From:From:Reply-To:Subject:Date:To:Cc:Message-ID:MIME-Version:Content-Type")]
    [InlineData("Received: x\r\nReturn-Path: <>\r\nX-Own: y\r\nDKIM-Signature: z\r\nAuthentication-Results: w\r\nBcc: v\r\n",
        "From:Reply-To:Subject:Date:To:Cc:Message-ID:MIME-Version:Content-Type")]
    [InlineData("List-Unsubscribe: a\r\nList-Unsubscribe-Post: b\r\nSender: c\r\nReferences: d\r\n",
        "From:Reply-To:Subject:Date:To:Cc:Message-ID:MIME-Version:Content-Type:Sender:Sender:References:References" +
        ":List-Unsubscribe:List-Unsubscribe:List-Unsubscribe-Post:List-Unsubscribe-Post")]
    [InlineData("List-Id: a\r\nResent-From: b\r\nResent-From: c\r\nFeedback-ID: d\r\n",
        "From:Reply-To:Subject:Date:To:Cc:Message-ID:MIME-Version:Content-Type:List-Id:Resent-From:Resent-From:Feedback-ID")]
    public void SignedFields_ByWhatIsPresent_AreNamed(string header, string names) =>
        Tag(DkimSamples.Sign(header + "\r\nbody", DkimSamples.Ed), "h").ShouldBe(names);

    [Fact]
    public void AddedFields_InFrontOfTheMessage_AreSignedWithIt()
    {
        const string Added = "Received: from a by b; now\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700\r\n";
        const string Message = "From: a@football.example.com\r\nDate: other\r\n\r\nHi\r\n";

        var fields = Octets.Text(DkimSigner.Sign(
            Octets.Of(Added), Octets.Header(Message), [DkimSamples.Ed], DkimSigningPolicy.Default, DkimSamples.Now));

        (fields + Added + Message).ShouldBe(DkimSamples.Sign(Added + Message, DkimSamples.Ed));
        Tag(fields, "h").ShouldContain("Date:Date:Date");
    }

    [Fact]
    public void SeveralKeys_Sign_EachItsField()
    {
        var signed = DkimSamples.Sign(DkimSamples.Message, DkimSamples.Rsa, DkimSamples.Ed);

        var header = Octets.Header(signed);
        header.Fields[..3].ToArray().Select(field => Octets.Text(header.Value(field))[..12])
            .ShouldBe([" v=1; a=rsa-", " v=1; a=ed25", " from client"]);
        signed.ShouldEndWith($"\r\n{DkimSamples.Message}");
    }

    [Fact]
    public void NoKeys_Sign_Nothing() =>
        DkimSigner.Sign(default, Octets.Header(DkimSamples.Message), [], DkimSigningPolicy.Default, DkimSamples.Now).ShouldBeEmpty();

    [Fact]
    public void Field_HoweverLongItsParts_IsFoldedIn78Columns()
    {
        for (var length = 1; length <= 60; length++)
        {
            var domain = $"{new string('d', length)}.example";
            using var key = DkimSamples.NewKey(DkimAlgorithm.Ed25519Sha256, domain, new string('s', 61 - length));
            foreach (var by in new[] { key, DkimSamples.Rsa })
            {
                var field = DkimSamples.Sign("Subject: x\r\n\r\n", by)[..^"Subject: x\r\n\r\n".Length];
                field.ShouldEndWith("\r\n");
                var lines = field[..^2].Split("\r\n");
                lines.ShouldAllBe(line => line.Length <= 78 && line.Trim().Length > 0);
                lines.Skip(1).ShouldAllBe(line => line[0] == ' ' && line[1] != ' ');
            }
        }
    }

    [Fact]
    public void Name_LongerThanALine_StandsAlone()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 49), 5));
        using var key = DkimSamples.NewKey(DkimAlgorithm.Ed25519Sha256, domain, "s");

        DkimSamples.Sign("\r\n", key).Split("\r\n").ShouldContain($" d={domain};");
    }

    private static string Tag(string signed, string name)
    {
        var header = Octets.Header(signed);
        TagList.Parse(Octets.Of(Octets.Text(header.Value(header.Fields[0]))), out var tags).ShouldBe(DkimProblem.None);
        tags.TryGet(Octets.Of(name), out var value).ShouldBeTrue();
        return Octets.Text(value.Span).Replace("\r\n ", "", StringComparison.Ordinal);
    }
}
