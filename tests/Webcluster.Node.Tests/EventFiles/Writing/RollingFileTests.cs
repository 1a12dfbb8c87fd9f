using System.Runtime.Versioning;
using System.Text;
using Shouldly;
using Webcluster.Node.EventFiles.Writing;
using Xunit;

namespace Webcluster.Node.Tests.EventFiles.Writing;

[UnsupportedOSPlatform("windows")]
public sealed class RollingFileTests : IDisposable
{
    private readonly FileBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Append_NewFile_BeginsWithItsHead_AndIsReadByOwnerAndGroup()
    {
        using var file = _bench.Open();
        Append(file, "a\n");
        Append(file, "b\n");

        File.ReadAllText(_bench.Path).ShouldBe("head\na\nb\n");
        File.GetUnixFileMode(_bench.Path).ShouldBe((UnixFileMode)Convert.ToInt32("640", 8) & ~Umask());
    }

    [Fact]
    public void Append_FileThatIsThere_GoesOnBehindIt()
    {
        File.WriteAllText(_bench.Path, "head\nold\n");
        using var file = _bench.Open();
        Append(file, "a\n");
        File.ReadAllText(_bench.Path).ShouldBe("head\nold\na\n");
    }

    [Theory]
    [InlineData("head\nwhole\n{\"ha", "head\nwhole\na\n")]
    [InlineData("head\nwhole\n", "head\nwhole\na\n")]
    [InlineData("no line", "no linea\n")]
    public void Append_LastLineIsHalf_TakesItAway(string before, string after)
    {
        File.WriteAllText(_bench.Path, before);
        using var file = _bench.Open();
        Append(file, "a\n");
        File.ReadAllText(_bench.Path).ShouldBe(after);
    }

    [Fact]
    public void Append_MovedAway_GoesIntoANewFile()
    {
        using var file = _bench.Open();
        Append(file, "a\n");
        File.Move(_bench.Path, _bench.PathOf("events.csv.1"));
        Append(file, "b\n");

        File.ReadAllText(_bench.PathOf("events.csv.1")).ShouldBe("head\na\n");
        File.ReadAllText(_bench.Path).ShouldBe("head\nb\n");
    }

    [Fact]
    public void Append_MovedAwayAndMadeAnew_GoesIntoTheFileOfThatName()
    {
        using var file = _bench.Open();
        Append(file, "a\n");
        File.Move(_bench.Path, _bench.PathOf("events.csv.1"));
        File.WriteAllText(_bench.Path, "");
        Append(file, "b\n");
        File.ReadAllText(_bench.Path).ShouldBe("head\nb\n");
    }

    [Fact]
    public void Append_CutOff_BeginsAnew_WithoutAHole()
    {
        using var file = _bench.Open();
        Append(file, "a\n");
        File.WriteAllText(_bench.Path, "");
        Append(file, "b\n");
        File.ReadAllText(_bench.Path).ShouldBe("head\nb\n");
    }

    [Fact]
    public void Append_ThroughALink_GoesIntoWhatItPointsTo()
    {
        File.WriteAllText(_bench.PathOf("real"), "head\nlonger than the link's own name, which is its length\n");
        File.CreateSymbolicLink(_bench.Path, _bench.PathOf("real"));
        using var file = _bench.Open();
        Append(file, "a\n");
        Append(file, "b\n");
        File.ReadAllText(_bench.PathOf("real")).ShouldEndWith("length\na\nb\n");
    }

    [Theory]
    [InlineData(9, 1)] // head and two lines: 5 + 2 + 2
    [InlineData(8, 2)]
    public void Append_BeyondItsSize_IsRolledBefore(long size, int files)
    {
        using var file = _bench.Open(one => one with { MaxSize = size, Keep = 5 });
        Append(file, "a\n");
        Append(file, "b\n");

        _bench.Files.Count().ShouldBe(files);
        File.ReadAllText(_bench.Path).ShouldEndWith("b\n");
        foreach (var name in _bench.Files) File.ReadAllText(_bench.PathOf(name)).ShouldStartWith("head\n");
        _bench.Log.Entries.Count(entry => entry.Id == 4504).ShouldBe(files - 1);
    }

    [Fact]
    public void Append_LargerThanAFileMayBe_HasAFileOfItsOwn()
    {
        using var file = _bench.Open(one => one with { MaxSize = 8, Keep = 5 });
        Append(file, "a line that is longer\n");
        _bench.Files.ShouldBe(["events.csv"]);
        Append(file, "b\n");
        _bench.Files.Count().ShouldBe(2);
    }

    [Fact]
    public void Append_Rolled_KeepsTheNewest_AndTouchesNoOther()
    {
        string[] others = ["events-20261122T023456.csv", "events-.csv", "events-x-20261122T023456Z.csv", "events-20261122T023456Z.csv.gz", "events2-20261122T023456Z.csv"];
        foreach (var other in others) File.WriteAllText(_bench.PathOf(other), "");
        using var file = _bench.Open(one => one with { MaxSize = 8, Keep = 2 });
        for (var i = 0; i < 6; i++)
        {
            // Some in the same second.
            if (i % 3 == 0) _bench.Clock.Advance(TimeSpan.FromSeconds(1));
            Append(file, $"{i}\n");
        }

        _bench.Files.Except(others).ShouldBe(["events-20261122T023458Z-2.csv", "events-20261122T023458Z-3.csv", "events.csv"]);
        File.ReadAllText(_bench.PathOf("events-20261122T023458Z-2.csv")).ShouldBe("head\n3\n");
        File.ReadAllText(_bench.PathOf("events-20261122T023458Z-3.csv")).ShouldBe("head\n4\n");
        others.ShouldBeSubsetOf(_bench.Files);
    }

    [Fact]
    public void Append_Daily_IsRolledAtMidnight_AlsoAfterARestart()
    {
        File.WriteAllText(_bench.Path, "head\nyesterday\n");
        File.SetLastWriteTimeUtc(_bench.Path, _bench.Clock.Now.UtcDateTime.AddDays(-1));
        using var file = _bench.Open(one => one with { IsDaily = true, Keep = 5 });
        Append(file, "a\n");
        _bench.Clock.Advance(TimeSpan.FromHours(21));
        Append(file, "b\n");
        _bench.Files.ShouldBe(["events-20261122T023456Z.csv", "events.csv"]);
        _bench.Clock.Advance(TimeSpan.FromHours(1));
        Append(file, "c\n");

        _bench.Files.ShouldBe(["events-20261122T023456Z.csv", "events-20261123T003456Z.csv", "events.csv"]);
        File.ReadAllText(_bench.Path).ShouldBe("head\nc\n");
    }

    [Fact]
    public void Append_Daily_EmptyFileOfYesterday_IsBegunToday()
    {
        File.WriteAllText(_bench.Path, "");
        File.SetLastWriteTimeUtc(_bench.Path, _bench.Clock.Now.UtcDateTime.AddDays(-1));
        using var file = _bench.Open(one => one with { IsDaily = true });
        Append(file, "a\n");
        Append(file, "b\n");
        _bench.Files.ShouldBe(["events.csv"]);
    }

    [Fact]
    public void Append_FullDisk_SaysSo_AndAgain()
    {
        using var file = _bench.Open(path: "/dev/full");
        file.TryAppend("a\n"u8).ShouldNotBeNull().ShouldContain("No space left on device");
        file.TryAppend("a\n"u8).ShouldNotBeNull().ShouldContain("No space left on device");
    }

    [Fact]
    public void Append_FolderGone_SaysSo_ThenGoesOn()
    {
        using var file = _bench.Open(path: _bench.PathOf("later/events.csv"));
        file.TryAppend("a\n"u8).ShouldNotBeNull().ShouldContain("later");
        Directory.CreateDirectory(_bench.PathOf("later"));
        Append(file, "b\n");
        File.ReadAllText(_bench.PathOf("later/events.csv")).ShouldBe("head\nb\n");
    }

    private static void Append(RollingFile file, string lines) => file.TryAppend(Encoding.UTF8.GetBytes(lines)).ShouldBeNull();

    private static UnixFileMode Umask()
    {
        var line = File.ReadLines("/proc/self/status").First(row => row.StartsWith("Umask:", StringComparison.Ordinal));
        return (UnixFileMode)Convert.ToInt32(line.Split('\t')[1], 8);
    }
}
