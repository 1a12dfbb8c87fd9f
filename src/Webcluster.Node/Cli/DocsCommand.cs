using System.CommandLine;
using Webcluster.Node.Configuration;

namespace Webcluster.Node.Cli;

/// <summary>`docs configuration` (hidden): the reference that stands in docs/configuration.md.</summary>
internal static class DocsCommand
{
    public static Command Create(CliContext context)
    {
        var configuration = new Command("configuration", "Print docs/configuration.md.");
        configuration.SetAction(_ => context.Out.Write(ConfigurationReference.Write(XmlDocs.OfThisProgram())));
        return new Command("docs", "Print generated documentation.") { Hidden = true, Subcommands = { configuration } };
    }
}
