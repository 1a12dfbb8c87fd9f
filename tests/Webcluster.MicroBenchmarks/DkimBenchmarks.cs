using BenchmarkDotNet.Attributes;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;

namespace Webcluster.MicroBenchmarks;

/// <summary>Signing a message of 10 KB: canonical form, hashes, signature.</summary>
public class DkimBenchmarks
{
    private readonly DkimKey[] _rsa = [Key(DkimAlgorithm.RsaSha256)];
    private readonly DkimKey[] _ed25519 = [Key(DkimAlgorithm.Ed25519Sha256)];
    private readonly HeaderBlock _message = HeaderBlock.Scan(Mails.Of(10 * 1024));

    [Benchmark]
    public byte[] SignRsa2048() => Sign(_rsa);

    [Benchmark]
    public byte[] SignEd25519() => Sign(_ed25519);

    private static DkimKey Key(DkimAlgorithm algorithm) => DkimKey.FromPem("sender.example", "bench", PrivateKeyPem.Generate(algorithm), out var error)
        ?? throw new InvalidOperationException(error);

    private byte[] Sign(DkimKey[] keys) => DkimSigner.Sign(default, _message, keys, DkimSigningPolicy.Default, DateTimeOffset.UnixEpoch);
}
