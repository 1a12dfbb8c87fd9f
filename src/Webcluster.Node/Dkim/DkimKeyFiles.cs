using Webcluster.Node.Files;
using Webcluster.Protocol.Dkim;

namespace Webcluster.Node.Dkim;

/// <summary>Makes and reads the files that DKIM keys are kept in.</summary>
internal static class DkimKeyFiles
{
    /// <summary>Writes a new key, for its owner alone to read. The folder is made; a file of that name is replaced.</summary>
    public static void Create(string file, DkimAlgorithm algorithm)
    {
        PrivateFile.EnsureFolder(Path.GetDirectoryName(Path.GetFullPath(file))!);
        PrivateFile.Write(file, DkimKey.GeneratePem(algorithm));
    }

    /// <summary>Null with a reason where the file cannot be read or is no key.</summary>
    public static DkimKey? Load(DkimKeyOptions options, out string? problem)
    {
        try
        {
            return DkimKey.FromPem(options.Domain, options.Selector, File.ReadAllText(options.File), out problem);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = error.Message.TrimEnd('.');
            return null;
        }
    }
}
