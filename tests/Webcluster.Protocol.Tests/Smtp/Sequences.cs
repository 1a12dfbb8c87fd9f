using System.Buffers;

namespace Webcluster.Protocol.Tests.Smtp;

internal static class Sequences
{
    /// <summary>One sequence over segments, as a pipe hands it out.</summary>
    public static ReadOnlySequence<byte> Of(IReadOnlyList<byte[]> segments)
    {
        Segment? first = null;
        Segment? last = null;
        foreach (var bytes in segments)
        {
            last = last is null ? new Segment(bytes) : last.Append(bytes);
            first ??= last;
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
