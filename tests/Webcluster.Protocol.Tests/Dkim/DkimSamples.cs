using Webcluster.Protocol.Buffers;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;

namespace Webcluster.Protocol.Tests.Dkim;

/// <summary>Keys made once for all tests, a message, and a DNS of our own.</summary>
internal static class DkimSamples
{
    public const string Message =
        "Received: from client.example.com by mx.example.com; Fri, 11 Jul 2003 21:01:54 -0700\r\n" +
        "From: Joe SixPack <joe@football.example.com>\r\n" +
        "To: Suzie Q <suzie@shopping.example.net>,\r\n\tBob <bob@shopping.example.net>\r\n" +
        "Subject: Is  dinner\tready? \r\n" +
        "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n" +
        "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n" +
        "List-Unsubscribe: <https://football.example.com/u/1>\r\n" +
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" +
        "\r\n" +
        "Hi.\r\n\r\nWe lost  the game.\t Are you hungry yet? \r\n\r\nJoe.\r\n\r\n";

    public static DateTimeOffset Now { get; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static DkimKey Rsa { get; } = NewKey(DkimAlgorithm.RsaSha256, "football.example.com", "rsa");

    public static DkimKey Ed { get; } = NewKey(DkimAlgorithm.Ed25519Sha256, "football.example.com", "ed");

    public static DkimKey NewKey(DkimAlgorithm algorithm, string domain, string selector) =>
        DkimKey.FromPem(domain, selector, DkimKey.GeneratePem(algorithm), out _)!;

    public static string RecordName(DkimKey key) => $"{key.Selector}._domainkey.{key.Domain}";

    public static DkimKeyLookup Dns(params DkimKey[] keys) => Dns(keys.ToDictionary(RecordName, key => key.DnsRecord));

    public static DkimKeyLookup Dns(IReadOnlyDictionary<string, string> records) => (name, _) =>
        ValueTask.FromResult<IReadOnlyList<string>?>(records.TryGetValue(name, out var record) ? [record] : []);

    public static string Sign(string message, params DkimKey[] keys) => Sign(message, DkimSigningPolicy.Default, keys);

    public static string Sign(string message, DkimSigningPolicy policy, params DkimKey[] keys) =>
        Octets.Text(DkimSigner.Sign(default, Octets.Header(message), keys, policy, Now)) + message;

    /// <summary>Signs by hand: the value has an empty b=, first or last, and for the rest what no signer of ours writes.</summary>
    public static string SignByHand(string value, string message, DkimKey key)
    {
        var unsigned = $"DKIM-Signature: {value}";
        var at = value.StartsWith("b=", StringComparison.Ordinal) ? "DKIM-Signature: b=".Length : unsigned.Length;
        var signature = SignatureField.Parse(Octets.Of(unsigned.Insert(at, "AAAA")));
        using var fields = new RentedWriter(4096);
        var header = new SignableHeader(added: null, Octets.Header(message));
        CanonicalHeader.AppendFields(header, signature.SignedNames, signature.HeaderKind, signature: -1, fields);
        var hash = new byte[BodyDigest.HashOctets];
        CanonicalHeader.Hash(fields, Octets.Of(unsigned), signature.HeaderKind, hash);
        return $"{unsigned.Insert(at, Convert.ToBase64String(key.SignHash(hash)))}\r\n{message}";
    }

    public static string BodyHash(Canonicalization kind, string message, long limit = long.MaxValue)
    {
        var body = Octets.Of(message).AsSpan(HeaderBlock.Scan(Octets.Of(message)).BodyOffset);
        var hash = new byte[BodyDigest.HashOctets];
        BodyDigest.Compute(kind, body, hash, limit);
        return Convert.ToBase64String(hash);
    }

    public static Task<IReadOnlyList<DkimResult>> Verify(string message, params DkimKey[] keys) => Verify(Octets.Of(message), Dns(keys));

    public static Task<IReadOnlyList<DkimResult>> Verify(byte[] message, DkimKeyLookup lookup) =>
        DkimVerifier.VerifyAsync(message, lookup, Now, CancellationToken.None).AsTask();
}
