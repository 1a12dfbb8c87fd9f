using System.Text;
using Microsoft.Extensions.Logging;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>
/// Keeps what a node has seen of the epochs over its restarts: else nobody would notice an older store that comes back while no node is
/// running. Replaced whole; a file that is missing or cannot be read says nothing. Used by one caller at a time.
/// </summary>
internal sealed class EpochFile(string folder, int shards, ILogger logger)
{
    public const string Name = "queue-epoch";

    // Far more than the most shards need.
    private const int MostOctets = 256 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path = Path.Combine(folder, Name);
    private bool _saidUnwritten;

    /// <returns>Each shard as it was kept; zeros where nothing is known.</returns>
    public IReadOnlyList<ShardEpoch> Read()
    {
        try
        {
            if (TryRead() is not { } text)
                logger.EpochsUnknown(_path);
            else if (EpochText.TryDecode(text, shards, out var epochs))
                return epochs;
            else
                logger.EpochsUnreadable(_path, $"no whole record of {shards} shards");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            logger.EpochsUnreadable(_path, fault.Message);
        }
        return new ShardEpoch[shards];
    }

    /// <summary>Where it cannot be written, the file stays as it was: mail is not refused for that.</summary>
    public void Write(IReadOnlyList<ShardEpoch> epochs)
    {
        try
        {
            Replace(Encoding.ASCII.GetBytes(EpochText.Encode(epochs)));
            _saidUnwritten = false;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!_saidUnwritten)
                logger.EpochsUnwritten(_path, fault.Message);
            _saidUnwritten = true;
        }
    }

    /// <returns>Null where there is no file.</returns>
    private string? TryRead()
    {
        if (!File.Exists(_path))
            return null;
        using var file = File.OpenRead(_path);
        var octets = new byte[Math.Min(file.Length, MostOctets)];
        file.ReadExactly(octets);
        return Encoding.ASCII.GetString(octets);
    }

    // On disk before it takes the place of the one before: after a power cut it is one of the two.
    private void Replace(byte[] octets)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            options.UnixCreateMode = OwnerOnly;
        }
        var next = $"{_path}.{Environment.ProcessId}.new";
        using (var file = new FileStream(next, options))
        {
            file.Write(octets);
            file.Flush(flushToDisk: true);
        }
        File.Move(next, _path, overwrite: true);
    }
}
