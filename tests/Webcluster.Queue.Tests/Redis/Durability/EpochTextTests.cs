using Shouldly;
using Webcluster.Queue.Redis.Durability;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Durability;

public sealed class EpochTextTests
{
    private const string Whole = "webcluster queue-epoch 1\n0 17\n1 9223372036854775807 lost\n";

    [Fact]
    public void Encode_TwoShards_IsThisText() =>
        EpochText.Encode([new(17, IsLost: false), new(long.MaxValue, IsLost: true)]).ShouldBe(Whole);

    [Fact]
    public void Decode_WhatWasEncoded_IsThat()
    {
        EpochText.TryDecode(Whole, 2, out var epochs).ShouldBeTrue();
        epochs.ShouldBe([new ShardEpoch(17, IsLost: false), new ShardEpoch(long.MaxValue, IsLost: true)]);
    }

    [Fact]
    public void Decode_CutAnywhere_IsRefused()
    {
        for (var length = 0; length < Whole.Length; length++)
            EpochText.TryDecode(Whole[..length], 2, out _).ShouldBeFalse($"cut at {length}");
    }

    [Theory]
    [InlineData("webcluster queue-epoch 2\n0 1\n1 2\n")]
    [InlineData("webcluster queue-epoch 1\n0 1\n")]
    [InlineData("webcluster queue-epoch 1\n0 1\n1 2\n2 3\n")]
    [InlineData("webcluster queue-epoch 1\n1 1\n0 2\n")]
    [InlineData("webcluster queue-epoch 1\n0 1\n1 -2\n")]
    [InlineData("webcluster queue-epoch 1\n0 1\n1 9223372036854775808\n")]
    [InlineData("webcluster queue-epoch 1\n0 1\n1 2 gone\n")]
    [InlineData("webcluster queue-epoch 1\n0 1\n1 2 lost lost\n")]
    [InlineData("webcluster queue-epoch 1\n0 1\n1 2 \n")]
    [InlineData("webcluster queue-epoch 1\r\n0 1\r\n1 2\r\n")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    public void Decode_AnythingElse_IsRefused(string text) => EpochText.TryDecode(text, 2, out _).ShouldBeFalse();
}
