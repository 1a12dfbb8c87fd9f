using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Webcluster.Queue.Redis.Connection;

/// <summary>An answer to the few commands that are sent on a bare connection: a line, an error, a number, or a list of numbers.</summary>
internal readonly record struct RespAnswer(bool IsError, string Text, IReadOnlyList<long> Numbers)
{
    private const int MostNumbers = 16;

    /// <summary>Reads one answer. Consumes nothing unless it is whole.</summary>
    public static OperationStatus TryRead(ReadOnlySpan<byte> source, out RespAnswer answer, out int read)
    {
        answer = default;
        read = 0;
        var status = TryReadLine(source, out var line, out var taken);
        if (status is not OperationStatus.Done)
            return status;
        switch (line[0])
        {
            case (byte)'+' or (byte)'-':
                answer = new RespAnswer(line[0] == '-', Encoding.UTF8.GetString(line[1..]), []);
                break;
            case (byte)':' when TryNumber(line[1..], out var number):
                answer = new RespAnswer(IsError: false, "", [number]);
                break;
            case (byte)'*' when TryNumber(line[1..], out var count) && count is >= 0 and <= MostNumbers:
                status = TryReadNumbers(source[taken..], (int)count, out var numbers, out var more);
                if (status is not OperationStatus.Done)
                    return status;
                answer = new RespAnswer(IsError: false, "", numbers);
                taken += more;
                break;
            default:
                return OperationStatus.InvalidData;
        }
        read = taken;
        return OperationStatus.Done;
    }

    private static OperationStatus TryReadNumbers(ReadOnlySpan<byte> source, int count, out long[] numbers, out int read)
    {
        numbers = new long[count];
        read = 0;
        for (var at = 0; at < count; at++)
        {
            var status = TryReadLine(source[read..], out var line, out var taken);
            if (status is not OperationStatus.Done)
                return status;
            if (line[0] != ':' || !TryNumber(line[1..], out numbers[at]))
                return OperationStatus.InvalidData;
            read += taken;
        }
        return OperationStatus.Done;
    }

    // A line has at least its first octet, and ends in CRLF.
    private static OperationStatus TryReadLine(ReadOnlySpan<byte> source, out ReadOnlySpan<byte> line, out int read)
    {
        line = default;
        read = 0;
        var end = source.IndexOf((byte)'\n');
        if (end < 0)
            return OperationStatus.NeedMoreData;
        if (end < 2 || source[end - 1] != '\r')
            return OperationStatus.InvalidData;
        line = source[..(end - 1)];
        read = end + 1;
        return OperationStatus.Done;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long number) =>
        Utf8Parser.TryParse(text, out number, out var read) && read == text.Length;
}
