using Webcluster.Delivery.Providers;
using Webcluster.Node.Configuration.Binding;

namespace Webcluster.Node.Providers;

/// <summary>The catalogue that is part of the program: providers.yaml beside this file.</summary>
internal static class ProviderCatalogueFile
{
    public const string Name = "providers.yaml";

    /// <summary>A new one each time: options can be changed.</summary>
    public static ProviderCatalogue Read()
    {
        using var stream = typeof(ProviderCatalogueFile).Assembly.GetManifestResourceStream(Name)!;
        using var reader = new StreamReader(stream);
        var problems = new List<ConfigProblem>();
        var catalogue = new ProviderCatalogue();
        new OptionsBinder(problems).Bind(YamlTree.Parse(Name, reader.ReadToEnd(), problems), catalogue);
        return problems.Count == 0 ? catalogue : throw new InvalidDataException(string.Join('\n', problems));
    }
}
