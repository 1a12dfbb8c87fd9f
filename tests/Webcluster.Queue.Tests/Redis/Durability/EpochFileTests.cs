using Shouldly;
using Webcluster.Queue.Redis.Durability;
using Webcluster.Queue.Tests.Embedded;
using Webcluster.TestKit.Logging;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Durability;

public sealed class EpochFileTests : IDisposable
{
    private static readonly ShardEpoch[] Epochs = [new(5, IsLost: false), new(7, IsLost: true)];

    private readonly TemporaryFolder _folder = new();
    private readonly TestLog _log = new();
    private readonly EpochFile _file;

    public EpochFileTests() => _file = Open(2);

    private string Folder => Path.Combine(_folder.Path, "state");

    private string Name => Path.Combine(Folder, "queue-epoch");

    public void Dispose()
    {
        _log.ShouldBeQuiet(2120, 2121);
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Read_WhatWasWritten_IsThat()
    {
        _file.Write([new(1, IsLost: false), new(1, IsLost: false)]);
        _file.Write(Epochs);

        Open(2).Read().ShouldBe(Epochs);
        Directory.GetFiles(Folder).ShouldBe([Name]);
        _log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public void Read_NoFile_IsUnknownAndSaysSo()
    {
        _file.Read().ShouldBe(new ShardEpoch[2]);

        _log.Entries.ShouldHaveSingleItem().Id.ShouldBe(2119);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("webcluster queue-epoch 1\n0 5\n")]
    public void Read_Garbage_IsUnknownAndSaysSo(string text)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Name, text);

        _file.Read().ShouldBe(new ShardEpoch[2]);

        _log.Entries.ShouldHaveSingleItem().Id.ShouldBe(2120);
    }

    [Fact]
    public void Read_HugeFile_IsUnknownAndSaysSo()
    {
        Directory.CreateDirectory(Folder);
        using (var file = File.Create(Name))
            file.SetLength(1L << 40);

        _file.Read().ShouldBe(new ShardEpoch[2]);

        _log.Entries.ShouldHaveSingleItem().Id.ShouldBe(2120);
    }

    [Fact]
    public void Write_CannotBe_IsSaidOnce()
    {
        Directory.CreateDirectory(Name);

        _file.Write(Epochs);
        _file.Write(Epochs);

        _log.Entries.ShouldHaveSingleItem().Id.ShouldBe(2121);
    }

    private EpochFile Open(int shards) => new(Folder, shards, _log.CreateLogger("epochs"));
}
