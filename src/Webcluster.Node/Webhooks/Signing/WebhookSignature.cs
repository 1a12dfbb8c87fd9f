using System.Globalization;
using System.Text;

namespace Webcluster.Node.Webhooks.Signing;

/// <summary>The symmetric signature of Standard Webhooks 1.0: HMAC-SHA256 over "id.timestamp.body", one for each secret.</summary>
internal static class WebhookSignature
{
    /// <summary>The value of "webhook-timestamp": seconds since 1970.</summary>
    public static string Timestamp(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>The value of "webhook-signature".</summary>
    /// <param name="id">Without ".".</param>
    public static string Of(IEnumerable<WebhookSecret> secrets, string id, string timestamp, ReadOnlyMemory<byte> body) =>
        string.Join(' ', secrets.Select(secret => One(secret, id, timestamp, body.Span)));

    private static string One(WebhookSecret secret, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = secret.Begin();
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
