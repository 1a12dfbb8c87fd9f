using System.Reflection;
using System.Text;
using Webcluster.Node.Configuration.Binding;
using Webcluster.Node.Lifecycle;

namespace Webcluster.Node.Configuration;

/// <summary>Writes docs/configuration.md from the option classes, their defaults and their documentation.</summary>
internal static class ConfigurationReference
{
    private const string Introduction = """
        # Configuration

        <!-- Written by `webcluster docs configuration`; a test compares. Change the comments in the code instead. -->

        One YAML file: the one given with `--config`, else the one that `WEBCLUSTER_CONFIG` names, else `webcluster.yaml` in the working
        folder, else `/etc/webcluster/webcluster.yaml`. Where there is none, a first run on loopback addresses that sends nothing to the
        Internet. It makes the certificate, keys and users that it needs; a file that a variable names is the operator's, must be there, and
        is left alone.

        Every key is also a variable of the environment, which wins over the file: `WEBCLUSTER__SECTION__KEY=value`, and for lists
        `WEBCLUSTER__LIST__0__KEY=value`; the index behind the last entry appends one.

        - Durations: `500ms`, `30s`, `5m`, `1h30m`, `5d`. Sizes: `64KiB`, `25MiB`, `1GiB`. Times and sizes are never bare numbers with a
          hidden unit.
        - A relative path starts at the folder of the configuration file.
        - `webcluster check` shows everything that is wrong, with line and key, before a node is started with it.

        ```yaml
        node:
          name: mta1.example.com
          state_folder: /var/lib/webcluster
        tls:
          certificate: /etc/webcluster/tls/fullchain.pem
          key: /etc/webcluster/tls/key.pem
        submission:
          listeners:
            - address: 0.0.0.0:587
            - address: 0.0.0.0:465
              tls: implicit
        dkim:
          - domain: example.com
            selector: s1
            file: dkim/example.com.s1.pem
        ```

        """;

    public static string Write(XmlDocs docs)
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        WriteSection(text, docs, "", typeof(NodeOptions));
        return text.ToString();
    }

    private static void WriteSection(StringBuilder text, XmlDocs docs, string path, Type section)
    {
        var defaults = Activator.CreateInstance(section)!;
        var keys = OptionsBinder.KeysOf(section).ToList();
        var values = keys.Where(key => IsValue(key.Property.PropertyType)).ToList();
        if (path.Length > 0) text.Append('\n').Append(path.Contains('.') ? "### " : "## ").Append('`').Append(path).Append("`\n\n");
        if (path.Length > 0 && docs.Of(section) is { Length: > 0 } summary) text.Append(summary).Append('\n');
        if (path.Length > 0 && values.Count > 0)
        {
            text.Append("\n| key | value | default | |\n|---|---|---|---|\n");
            foreach (var (key, property) in values)
            {
                var meaning = docs.Of(property).Replace("|", "\\|");
                text.Append($"| `{key}` | {Kind(property.PropertyType)} | {Default(property, defaults)} | {meaning} |\n");
            }
        }
        foreach (var (key, property) in keys.Except(values))
        {
            var entry = OptionsBinder.EntryType(property.PropertyType);
            var inner = path.Length == 0 ? key : $"{path}.{key}";
            WriteSection(text, docs, entry is null ? inner : inner + "[]", entry ?? property.PropertyType);
        }
    }

    private static bool IsValue(Type type) => ValueKind.Of(OptionsBinder.EntryType(type) ?? type) is not null;

    private static string Kind(Type type) =>
        OptionsBinder.EntryType(type) is { } entry ? $"list of {ValueKind.Of(entry)!.Description}" : ValueKind.Of(type)!.Description;

    private static string Default(PropertyInfo property, object defaults) => property.GetValue(defaults) switch
    {
        // What depends on this machine has its default described in words.
        _ when property is { Name: nameof(ProcessOptions.Name), DeclaringType.Name: nameof(ProcessOptions) } => "",
        null or "" or System.Collections.ICollection => "",
        { } value => $"`{ValueKind.Of(property.PropertyType)!.Format(value)}`",
    };
}
