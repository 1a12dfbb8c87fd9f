using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Shouldly;
using Webcluster.Node.Http;
using Xunit;

namespace Webcluster.Node.Tests.Http;

public sealed class EndBehindOctetsTests
{
    private readonly Pipe _pipe = new();
    private readonly EndBehindOctets _input;

    public EndBehindOctetsTests() => _input = new EndBehindOctets(new Transport(_pipe.Reader, _pipe.Writer));

    [Fact]
    public async Task Read_OctetsWithTheEnd_AreShownBeforeIt()
    {
        await _pipe.Writer.WriteAsync("head body"u8.ToArray());
        await _pipe.Writer.CompleteAsync();

        await ReadAsync("head body", isEnd: false, consumed: 5, examined: 5);
        await ReadAsync("body", isEnd: false, consumed: 1, examined: 4);
        await ReadAsync("ody", isEnd: true, consumed: 3, examined: 3);
        await ReadAsync("", isEnd: true, consumed: 0, examined: 0);
    }

    [Fact]
    public async Task Read_LastOctetsBehindOthers_AreShownBeforeTheEnd()
    {
        await _pipe.Writer.WriteAsync("he"u8.ToArray());
        await ReadAsync("he", isEnd: false, consumed: 0, examined: 2);
        await _pipe.Writer.WriteAsync("ad"u8.ToArray());
        await _pipe.Writer.CompleteAsync();
        await ReadAsync("head", isEnd: false, consumed: 0, examined: 4);
        await ReadAsync("head", isEnd: true, consumed: 4, examined: 4);
    }

    [Fact]
    public void TryRead_OctetsWithTheEnd_AreShownBeforeIt()
    {
        _input.TryRead(out _).ShouldBeFalse();
        _pipe.Writer.Write("x"u8);
        _pipe.Writer.Complete();
        _input.TryRead(out var octets).ShouldBeTrue();
        octets.IsCompleted.ShouldBeFalse();
        _input.AdvanceTo(octets.Buffer.End);
        _input.TryRead(out var end).ShouldBeTrue();
        (end.IsCompleted, end.Buffer.IsEmpty).ShouldBe((true, true));
    }

    private async Task ReadAsync(string text, bool isEnd, int consumed, int examined)
    {
        var result = await _input.ReadAsync();
        Encoding.ASCII.GetString(result.Buffer).ShouldBe(text);
        result.IsCompleted.ShouldBe(isEnd);
        _input.AdvanceTo(result.Buffer.GetPosition(consumed), result.Buffer.GetPosition(examined));
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
