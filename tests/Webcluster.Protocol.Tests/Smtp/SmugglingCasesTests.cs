using System.Buffers;
using System.Text.Json;
using Shouldly;
using Webcluster.Protocol.Smtp;
using Webcluster.TestKit;
using Webcluster.TestKit.Pipes;

namespace Webcluster.Protocol.Tests.Smtp;

/// <summary>
/// The end-of-data sequences by which one message has been made two (EOD-01 to EOD-15), and where the end is true (EOD-20 to EOD-25).
/// </summary>
public sealed class SmugglingCasesTests
{
    private const string Before = "From: a@x\r\nSubject: t\r\n\r\nfirst";
    private const string Inner = "MAIL FROM:<smuggled@x>\r\nRCPT TO:<victim@y>\r\nDATA\r\nsmuggled\r\n";
    private const string End = "\r\n.\r\n";

    [SharedDataFact]
    public void Decode_SequenceThatIsNoEnd_KeepsTheInnerCommandsAsContent()
    {
        var cases = Cases().Where(entry => string.CompareOrdinal(entry.Id, "EOD-15") <= 0).ToList();
        cases.Count.ShouldBe(15);
        foreach (var (id, send) in cases)
        {
            var wire = Bytes.Of(Before + Bytes.Show(Bytes.FromEscapes(send)) + Inner + End + "NOOP\r\n");
            foreach (var segments in Cuts.Of(wire[..^6]).Append([wire]))
            {
                var (content, left, defects) = Decode(segments);
                left.ShouldBe(segments.Count == 1 && segments[0].Length == wire.Length ? "NOOP\r\n" : "", id);
                content.ShouldContain("RCPT TO:<victim@y>", customMessage: id);
                defects.ShouldNotBe(ContentDefects.None, id);
            }
        }
    }

    [SharedDataFact]
    public void Decode_NulBeforeATrueEnd_EndsThereAndReportsIt()
    {
        var wire = Bytes.Of(Before + Bytes.Show(Bytes.FromEscapes(Send("EOD-20"))) + Inner);
        var (content, left, defects) = Decode([wire]);
        content.ShouldBe(Before + "\0\r\n");
        left.ShouldBe(Inner);
        defects.ShouldBe(ContentDefects.Nul);
    }

    [SharedDataFact]
    public void Decode_StuffedDots_AreTakenOutOnce()
    {
        var (content, left, defects) = Decode([Bytes.FromEscapes(Send("EOD-21"))]);
        (content, left, defects).ShouldBe((".\r\nx\r\n..\r\n", "", ContentDefects.None));
    }

    [SharedDataFact]
    public void Decode_EndAsFirstLine_IsAnEmptyMessage()
    {
        var (content, left, defects) = Decode([Bytes.FromEscapes(Send("EOD-22"))]);
        (content, left, defects).ShouldBe(("", "", ContentDefects.None));
    }

    [SharedDataFact]
    public void Decode_EndInSegmentsOfOneByte_IsMet()
    {
        var segments = Send("EOD-23").Split(" | ").Select(Bytes.FromEscapes).Prepend(Bytes.Of(Before)).ToList();
        segments.Count.ShouldBe(6);
        Decode(segments).ShouldBe((Before + "\r\n", "", ContentDefects.None));
    }

    [SharedDataFact]
    public void Inspect_SequencesInAChunk_AreReported()
    {
        foreach (var (id, send) in Cases().Where(entry => string.CompareOrdinal(entry.Id, "EOD-15") <= 0 || entry.Id == "EOD-25"))
        {
            var inspector = new ChunkInspector();
            inspector.Inspect(Bytes.Of(Before));
            inspector.Inspect(Bytes.FromEscapes(send));
            inspector.Finish();
            inspector.Defects.ShouldNotBe(ContentDefects.None, id);
        }
    }

    private static (string Content, string Left, ContentDefects Defects) Decode(IReadOnlyList<byte[]> segments)
    {
        var decoder = new DataDecoder();
        var output = new ArrayBufferWriter<byte>();
        foreach (var segment in segments)
            if (decoder.Decode(segment, output, out var consumed))
                return (Bytes.Show(output.WrittenSpan), Bytes.Show(segment.AsSpan(consumed)), decoder.Defects);
        throw new InvalidOperationException("The end was not met.");
    }

    private static string Send(string id) => Cases().Single(entry => entry.Id == id).Send;

    private static List<(string Id, string Send)> Cases()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("smtp/abuse_cases.json")));
        return file.RootElement.GetProperty("server").EnumerateArray()
            .Select(entry => (Id: entry.GetProperty("id").GetString()!, Send: entry.GetProperty("send").GetString()!))
            .Where(entry => entry.Id.StartsWith("EOD-", StringComparison.Ordinal))
            .ToList();
    }
}
