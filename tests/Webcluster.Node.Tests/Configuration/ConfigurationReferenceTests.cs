using Shouldly;
using Webcluster.Node.Configuration;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Node.Tests.Configuration;

public class ConfigurationReferenceTests
{
    [Fact]
    public void Write_TheFileInDocs_IsUpToDate() =>
        File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "configuration.md")).ShouldBe(
            ConfigurationReference.Write(XmlDocs.OfThisProgram()),
            "run: dotnet run --project src/Webcluster.Node -- docs configuration > docs/configuration.md");

    [Fact]
    public void Write_EveryKey_IsDescribed()
    {
        var undescribed = ConfigurationReference.Write(XmlDocs.OfThisProgram()).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.EndsWith("|  |", StringComparison.Ordinal));
        undescribed.ShouldBeEmpty();
    }
}
