using System.Buffers;
using System.Text;
using Shouldly;
using Webcluster.Queue.Redis.Connection;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Connection;

public sealed class RespAnswerTests
{
    public static TheoryData<string, bool, string, long[]> Whole { get; } = new()
    {
        { "+OK\r\n", false, "OK", [] },
        { "+\r\n", false, "", [] },
        { "-ERR unknown command\r\n", true, "ERR unknown command", [] },
        { ":0\r\n", false, "", [0] },
        { ":-1\r\n", false, "", [-1] },
        { ":9223372036854775807\r\n", false, "", [long.MaxValue] },
        { "*0\r\n", false, "", [] },
        { "*2\r\n:1\r\n:3\r\n", false, "", [1, 3] },
    };

    [Theory]
    [MemberData(nameof(Whole))]
    public void TryRead_Answer_WholeAndAtEverySplit(string wire, bool error, string text, long[] numbers)
    {
        var bytes = Encoding.ASCII.GetBytes(wire + "+NEXT\r\n");
        for (var given = 0; given <= bytes.Length; given++)
        {
            var status = RespAnswer.TryRead(bytes.AsSpan(0, given), out var answer, out var read);
            if (given < wire.Length)
            {
                status.ShouldBe(OperationStatus.NeedMoreData, $"{given} octets");
                read.ShouldBe(0);
                continue;
            }
            status.ShouldBe(OperationStatus.Done);
            read.ShouldBe(wire.Length);
            (answer.IsError, answer.Text).ShouldBe((error, text));
            answer.Numbers.ShouldBe(numbers);
        }
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("OK\r\n")]
    [InlineData("+OK\n")]
    [InlineData("\n")]
    [InlineData(":\r\n")]
    [InlineData(":1x\r\n")]
    [InlineData(":9223372036854775808\r\n")]
    [InlineData("*-1\r\n")]
    [InlineData("*17\r\n")]
    [InlineData("*1\r\n+OK\r\n")]
    [InlineData("$2\r\nOK\r\n")]
    public void TryRead_AnythingElse_IsInvalid(string wire)
    {
        RespAnswer.TryRead(Encoding.ASCII.GetBytes(wire), out _, out var read).ShouldBe(OperationStatus.InvalidData);
        read.ShouldBe(0);
    }

    [Fact]
    public void TryRead_RandomOctets_NeverThrowsNorReadsTooMuch()
    {
        const int seed = 4711;
        var random = new Random(seed);
        var alphabet = "+-:*$0123456789\r\nOK "u8.ToArray();
        for (var round = 0; round < 5000; round++)
        {
            var bytes = random.GetItems(alphabet, random.Next(40));
            var status = RespAnswer.TryRead(bytes, out _, out var read);
            (read == 0 || (status is OperationStatus.Done && read <= bytes.Length)).ShouldBeTrue($"seed {seed}, round {round}");
        }
    }
}
