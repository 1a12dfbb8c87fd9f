using System.Reflection;

namespace Webcluster.Node;

internal static class ProductVersion
{
    /// <summary>"0.1.0"; what a source control system adds behind a plus is left out.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
