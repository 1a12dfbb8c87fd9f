using System.Text;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;

namespace Webcluster.Protocol.Tests.Dkim;

/// <summary>Texts as octets and back, one octet a character.</summary>
internal static class Octets
{
    public static byte[] Of(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);

    /// <summary>A mail that stands in a file with the line ends of the place it comes from.</summary>
    public static byte[] WithCrLf(byte[] mail) => Of(Text(mail).ReplaceLineEndings("\r\n"));

    public static HeaderBlock Header(string message) => HeaderBlock.Scan(Of(message));

    public static byte[] Canonical(Canonicalization kind, string body, Func<byte[], IEnumerable<ReadOnlyMemory<byte>>> cut)
    {
        var sink = new Collector();
        var canonicalizer = new BodyCanonicalizer(kind, sink);
        foreach (var piece in cut(Of(body)))
            canonicalizer.Append(piece.Span);
        canonicalizer.Finish();
        return [.. sink.Octets];
    }

    private sealed class Collector : ICanonicalSink
    {
        public List<byte> Octets { get; } = [];

        public void Append(ReadOnlySpan<byte> octets) => Octets.AddRange(octets);
    }
}
