using Shouldly;
using Webcluster.Node.Webhooks.Signing;
using Webcluster.TestKit.Processes;
using Xunit;

namespace Webcluster.Node.Tests.Webhooks.Signing;

public sealed class WebhookSignatureTests
{
    private const string Second = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

    // A second implementation, by the specification's words.
    private const string Python = """
        import sys, hmac, hashlib, base64
        secret, id, timestamp, body = sys.argv[1:]
        key = base64.b64decode(secret[len("whsec_"):])
        print("v1," + base64.b64encode(hmac.new(key, f"{id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()).decode())
        """;

    // The vector that the libraries of Standard Webhooks are tested with.
    [Fact]
    public void Of_TheKnownVector_IsItsSignature() =>
        WebhookSignature.Of([Secret(WebhookSamples.Secret)], "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8.ToArray())
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public void Of_TwoSecrets_IsASignatureOfEach()
    {
        var both = WebhookSignature.Of([Secret(WebhookSamples.Secret), Secret(Second)], "a", "1", "b"u8.ToArray());

        both.Split(' ').ShouldBe(
            [WebhookSignature.Of([Secret(WebhookSamples.Secret)], "a", "1", "b"u8.ToArray()), WebhookSignature.Of([Secret(Second)], "a", "1", "b"u8.ToArray())]);
    }

    [Theory]
    [InlineData("evt-1", "1", "")]
    [InlineData("evt-2", "1700000000", """{"data":{"recipient":"zoë@example.com"}}""")]
    public async Task Of_AgreesWithASecondImplementation(string id, string timestamp, string body)
    {
        var ran = await Tool.RunAsync("python3", ["-c", Python, Second, id, timestamp, body]);

        WebhookSignature.Of([Secret(Second)], id, timestamp, System.Text.Encoding.UTF8.GetBytes(body)).ShouldBe(ran.Lines(1)[0]);
    }

    [Theory]
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", true)] // 24 octets
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=", false)] // 23
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==", true)] // 64
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=", false)] // 65
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZH", false)]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", false)]
    [InlineData("whpk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", false)]
    [InlineData("whsec_no base64 at all, but long enough!", false)]
    [InlineData("whsec_", false)]
    [InlineData("", false)]
    public void Parse_TakesWhatTheSpecificationAllows(string text, bool isSecret) => (WebhookSecret.Parse(text) is not null).ShouldBe(isSecret);

    [Fact]
    public void Generate_IsASecret_AndNeverTheSame()
    {
        WebhookSecret.Parse(WebhookSecret.Generate()).ShouldNotBeNull();
        WebhookSecret.Generate().ShouldNotBe(WebhookSecret.Generate());
    }

    private static WebhookSecret Secret(string text) => WebhookSecret.Parse(text)!;
}
