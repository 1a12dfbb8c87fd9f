using System.Text.Json;
using Shouldly;
using Webcluster.Protocol.Buffers;
using Webcluster.Protocol.Dkim;
using Webcluster.TestKit;

namespace Webcluster.Protocol.Tests.Dkim;

/// <summary>The collected canonicalization cases, and the hashes of an empty body.</summary>
public class CanonicalizationVectorTests
{
    private const string BareLf =
        "that library makes CRLF of bare LF; here only CRLF ends a line, and a bare LF is an octet like others (RFC 6376 section 3.4.3)";

    private static readonly Dictionary<(string Algorithm, string Input), string> Excluded = new()
    {
        [("simple", "What about\nLF endings?\n\n")] = BareLf,
        [("simple", "\r\n\r\nhey\n\n")] = BareLf,
    };

    [SharedDataFact]
    public void Vectors_Canonicalized_GiveTheOctetsExpected()
    {
        using var json = Open();
        foreach (var row in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            var algorithm = row.GetProperty("algorithm").GetString()!;
            var kind = Kind(algorithm);
            string[] chunks = [.. row.GetProperty("input_chunks").EnumerateArray().Select(chunk => chunk.GetString()!)];
            var input = string.Concat(chunks);
            var actual = row.GetProperty("kind").GetString() switch
            {
                "body" => Octets.Canonical(kind, input, _ => chunks.Select(chunk => (ReadOnlyMemory<byte>)Octets.Of(chunk))),
                "header" => Header(kind, input),
                var other => throw new ArgumentOutOfRangeException(other),
            };
            var isAsExpected = Octets.Text(actual) == row.GetProperty("expected").GetString();
            isAsExpected.ShouldBe(!Excluded.ContainsKey((algorithm, input)), row.GetRawText());
        }
    }

    [SharedDataFact]
    public void EmptyBody_Hashed_GivesTheHashExpected()
    {
        using var json = Open();
        foreach (var row in json.RootElement.GetProperty("body_hashes").EnumerateArray())
        {
            var hash = new byte[BodyDigest.HashOctets];
            BodyDigest.Compute(Kind(row.GetProperty("algorithm").GetString()!), Octets.Of(row.GetProperty("body").GetString()!), hash);
            Convert.ToBase64String(hash).ShouldBe(row.GetProperty("bh_sha256").GetString());
        }
    }

    private static byte[] Header(Canonicalization kind, string fields)
    {
        var header = Octets.Header(fields);
        using var canonical = new RentedWriter(16);
        foreach (var field in header.Fields)
        {
            CanonicalHeader.AppendField(header.Message.Span[field.Start..field.End], kind, canonical);
            canonical.Write("\r\n"u8);
        }
        return canonical.Written.ToArray();
    }

    private static Canonicalization Kind(string name) => name switch
    {
        "simple" => Canonicalization.Simple,
        "relaxed" => Canonicalization.Relaxed,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, message: null),
    };

    private static JsonDocument Open() => JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("dkim/canonicalization.json")));
}
