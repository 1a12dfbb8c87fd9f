using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Webcluster.Node.Configuration.Binding;

namespace Webcluster.Node.Configuration;

/// <summary>The summaries that stand in the code, from the XML files beside the program.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, string> _summaries = new(StringComparer.Ordinal);

    public static XmlDocs OfThisProgram()
    {
        var docs = new XmlDocs();
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*ebcluster*.xml")) docs.Read(file);
        return docs;
    }

    /// <summary>The summary on one line; empty where there is none.</summary>
    public string Of(MemberInfo member)
    {
        var name = member is PropertyInfo property
            ? $"P:{property.DeclaringType!.FullName}.{property.Name}"
            : $"T:{((Type)member).FullName}";
        return _summaries.GetValueOrDefault(name, "");
    }

    private void Read(string file)
    {
        foreach (var member in XDocument.Load(file).Descendants("member"))
            if (member.Element("summary") is { } summary)
                _summaries[(string)member.Attribute("name")!] = Spaces().Replace(TextOf(summary), " ").Trim();
    }

    private static string TextOf(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            if (node is XText plain) text.Append(plain.Value);
            else if (node is XElement { Name.LocalName: "see" } see && (string?)see.Attribute("cref") is { } reference)
                text.Append('`').Append(ValueKind.KeyOf(reference[(reference.LastIndexOf('.') + 1)..])).Append('`');
            else if (node is XElement inner) text.Append(TextOf(inner));
        }
        return text.ToString();
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
