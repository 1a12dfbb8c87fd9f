using System.Buffers;
using BenchmarkDotNet.Attributes;
using Webcluster.Protocol.Smtp;

namespace Webcluster.MicroBenchmarks;

/// <summary>What is done with each line and each octet of content.</summary>
public class ProtocolBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private readonly DataDecoder _decoder = new();
    private readonly byte[] _content = Mails.Of(10 * 1024);
    private readonly byte[] _data = [.. Mails.Of(10 * 1024), .. ".\r\n"u8];
    private readonly byte[] _mail = "MAIL FROM:<bounce+12345@sender.example> SIZE=10240 BODY=8BITMIME"u8.ToArray();
    private readonly ReadOnlySequence<byte> _reply = new("250 2.0.0 Ok: queued as 4F1A2B3C4D\r\n"u8.ToArray());

    [Benchmark]
    public object ParseCommand() => CommandParser.Parse(_mail);

    [Benchmark]
    public object? ParseReply()
    {
        _ = ReplyParser.TryParse(_reply, out var reply, out _, out _);
        return reply;
    }

    /// <summary>DATA of 10 KB: undoes dot-stuffing, finds the end, looks for defects.</summary>
    [Benchmark]
    public int FrameContent10k()
    {
        _output.ResetWrittenCount();
        _decoder.Reset();
        _decoder.Decode(_data, _output, out var consumed);
        return consumed;
    }

    [Benchmark]
    public int StuffContent10k()
    {
        _output.ResetWrittenCount();
        var stuffer = default(DotStuffer);
        stuffer.Write(_content, _output);
        return _output.WrittenCount;
    }
}
