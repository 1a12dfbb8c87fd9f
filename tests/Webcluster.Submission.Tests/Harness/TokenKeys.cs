using Webcluster.Protocol.Tokens;

namespace Webcluster.Submission.Tests.Harness;

internal static class TokenKeys
{
    public static TokenKeyRing Ring { get; } = new([TokenKey.Create(1, "0123456789abcdef0123456789abcdef", out _)!]);

    public static ReturnPaths Paths { get; } = new(
        "bounce.example.com", new Dictionary<string, string> { ["shop"] = "back.shop.example" }, Ring, TimeSpan.FromDays(30));
}
