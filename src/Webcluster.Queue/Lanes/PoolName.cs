using System.Buffers;

namespace Webcluster.Queue.Lanes;

/// <summary>How pools, and the sources in them, are named. They stand in the store's keys, in metrics and in header fields.</summary>
public static class PoolName
{
    public const int MaxLength = 64;

    /// <summary>Ends a sentence: "must be ...".</summary>
    public const string Expected = "1 to 64 of a-z, 0-9, '.', '_', '-'";

    /// <summary>Where mail goes that nothing sends elsewhere.</summary>
    public const string Default = "default";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsName(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxLength && !text.ContainsAnyExcept(Allowed);
}
