using Xunit;

namespace Webcluster.TestKit;

/// <summary>Test material that stands beside the repository (../shared/data), read in place; tests skip visibly where it is
/// absent.</summary>
public static class SharedData
{
    public static string RepositoryRoot { get; } = FindRoot();

    private static string Folder => System.IO.Path.Combine(RepositoryRoot, "..", "shared", "data");

    public static bool IsPresent => Directory.Exists(Folder);

    public static string Path(string relative) => System.IO.Path.Combine(Folder, relative);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Webcluster.sln")))
                return folder.FullName;
        throw new InvalidOperationException("Webcluster.sln not found above the test's folder");
    }
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute() => Skip = SharedData.IsPresent ? null : "../shared/data is absent";
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute() => Skip = SharedData.IsPresent ? null : "../shared/data is absent";
}
