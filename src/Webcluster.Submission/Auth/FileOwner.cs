using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Webcluster.Submission.Auth;

/// <summary>Whose a file is, of which the base class library knows nothing. Only on Linux; elsewhere nothing is known and nothing done.</summary>
internal static partial class FileOwner
{
    private const int CurrentFolder = -100;
    private const uint UserAndGroup = 0x18;

    /// <summary>Whether the file is another user's, and whatever this process put in its place would be its own.</summary>
    public static bool IsSomebodyElse(string path) =>
        !Environment.IsPrivilegedProcess && Of(path) is { } owner && owner.User != EffectiveUser();

    /// <summary>Gives an open file the owner and group of another, where that is there.</summary>
    /// <exception cref="UnauthorizedAccessException">This process may not.</exception>
    public static void Copy(string from, SafeFileHandle to)
    {
        if (Of(from) is { } owner && ChangeOwner(to, owner.User, owner.Group) != 0)
            throw new UnauthorizedAccessException($"{from} has an owner or group that this user cannot give to what replaces it");
    }

    /// <summary>Null where the file is not there, or cannot be looked at.</summary>
    internal static (uint User, uint Group)? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        // The kernel's layout, the same on every processor: the user at octet 20, the group behind it.
        Span<byte> found = stackalloc byte[256];
        return Look(CurrentFolder, path, 0, UserAndGroup, found) == 0
            ? (MemoryMarshal.Read<uint>(found[20..]), MemoryMarshal.Read<uint>(found[24..]))
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Look(int folder, string path, int flags, uint asked, Span<byte> found);

    [LibraryImport("libc", EntryPoint = "fchown")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}
