namespace Webcluster.Chaos.Cluster;

/// <summary>A small file system of its own, which can be filled to the last octet. Needs root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const string Size = "512m";

    private readonly string _filler;

    private SmallDisk(string folder) => (Folder, _filler) = (folder, Path.Combine(folder, "filler"));

    public string Folder { get; }

    /// <summary>Null, with the reason, where it cannot be had.</summary>
    public static async Task<(SmallDisk? Disk, string? WhyNot)> MountAsync(string folder)
    {
        if (Environment.UserName != "root") return (null, "a file system of its own needs root");
        Directory.CreateDirectory(folder);
        var mounted = await Tool.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={Size}", "webcluster-chaos", folder]);
        return mounted.ExitCode == 0 ? (new SmallDisk(folder), null) : (null, mounted.Errors.TrimEnd());
    }

    public Task FillAsync() => Tool.RunAsync("dd", ["if=/dev/zero", $"of={_filler}", "bs=64k"]);

    public void Free() => File.Delete(_filler);

    public async ValueTask DisposeAsync() => await Tool.RunAsync("umount", ["-l", Folder]);
}
