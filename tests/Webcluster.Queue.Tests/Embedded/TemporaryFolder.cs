namespace Webcluster.Queue.Tests.Embedded;

/// <summary>A folder of its own for a test; removed with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("wc-queue-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
