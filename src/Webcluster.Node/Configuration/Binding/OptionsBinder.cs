using System.Collections;
using System.Reflection;

namespace Webcluster.Node.Configuration.Binding;

/// <summary>
/// Puts the tree into plain option classes: a property's key is its name in snake_case, a class is a section, a list is a list. What does
/// not fit is a problem and leaves the default in place, so that everything wrong is found in one go.
/// </summary>
internal sealed class OptionsBinder(List<ConfigProblem> problems)
{
    private const int LongestShown = 60;

    private readonly Dictionary<string, ConfigOrigin> _origins = new(StringComparer.Ordinal);

    public void Bind(ConfigNode.Map root, object options)
    {
        _origins[""] = root.Origin;
        BindSection(root, options, "");
    }

    /// <summary>Where a key was set, or the nearest thing around it that was.</summary>
    public ConfigOrigin OriginOf(string key)
    {
        for (var path = key; ; path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))])
            if (_origins.TryGetValue(path, out var origin))
                return origin;
    }

    public static IEnumerable<(string Key, PropertyInfo Property)> KeysOf(Type section) => section
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is { IsPublic: true })
        .Select(property => (ValueKind.KeyOf(property.Name), property));

    /// <summary>The type of a list's entries; null where the type is no list.</summary>
    public static Type? EntryType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is var open
            && (open == typeof(List<>) || open == typeof(IList<>) || open == typeof(IReadOnlyList<>))
            ? type.GetGenericArguments()[0]
            : null;

    private void BindSection(ConfigNode node, object section, string path)
    {
        _origins[path] = node.Origin;
        var keys = KeysOf(section.GetType()).ToDictionary(pair => pair.Key, pair => pair.Property);
        if (node is ConfigNode.Scalar { IsNothing: true }) return;
        if (node is not ConfigNode.Map map)
        {
            Complain(node, path, $"must be a section with any of: {string.Join(", ", keys.Keys)}");
            return;
        }
        foreach (var (key, value) in map.Entries)
        {
            var keyPath = path.Length == 0 ? key : $"{path}.{key}";
            if (keys.TryGetValue(key, out var property)) BindProperty(value, section, property, keyPath);
            else Complain(value, Shown(keyPath), UnknownKey(key, keys.Keys));
        }
    }

    private void BindProperty(ConfigNode node, object section, PropertyInfo property, string path)
    {
        _origins[path] = node.Origin;
        if (EntryType(property.PropertyType) is { } entryType) BindList(node, section, property, entryType, path);
        else if (ValueKind.Of(property.PropertyType) is { } kind)
        {
            if (Value(node, kind, path) is { } value) property.SetValue(section, value);
        }
        else BindSection(node, SectionOf(section, property), path);
    }

    /// <summary>A section that is null until it is given is made when it is.</summary>
    private static object SectionOf(object section, PropertyInfo property)
    {
        if (property.GetValue(section) is { } present) return present;
        var made = Activator.CreateInstance(property.PropertyType)!;
        property.SetValue(section, made);
        return made;
    }

    private void BindList(ConfigNode node, object section, PropertyInfo property, Type entryType, string path)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(entryType))!;
        if (node is ConfigNode.Sequence sequence)
            for (var i = 0; i < sequence.Items.Count; i++)
                BindEntry(sequence.Items[i], list, entryType, $"{path}[{i}]");
        else if (node is not ConfigNode.Scalar { IsNothing: true })
        {
            Complain(node, path, "must be a list: lines that begin with \"- \"");
            return;
        }
        property.SetValue(section, list);
    }

    /// <summary>A value that is wrong is left out; a section keeps its place, so that the keys of later problems are right.</summary>
    private void BindEntry(ConfigNode node, IList list, Type entryType, string path)
    {
        _origins[path] = node.Origin;
        if (ValueKind.Of(entryType) is { } kind)
        {
            if (Value(node, kind, path) is { } value) list.Add(value);
            return;
        }
        var entry = Activator.CreateInstance(entryType)!;
        BindSection(node, entry, path);
        list.Add(entry);
    }

    private object? Value(ConfigNode node, ValueKind kind, string path)
    {
        if (node is not ConfigNode.Scalar scalar)
        {
            Complain(node, path, $"must be one value ({kind.Description})");
            return null;
        }
        var value = kind.Parse(scalar.Value);
        if (value is null && scalar.IsNothing) Complain(node, path, $"has no value ({kind.Description})");
        else if (value is null) Complain(node, path, $"'{Shown(scalar.Value)}' {kind.Expectation}");
        return value;
    }

    private static string UnknownKey(string key, IReadOnlyCollection<string> allowed) => NearMiss.Of(key, allowed) is { } meant
        ? $"unknown key; did you mean {meant}?"
        : $"unknown key; allowed: {string.Join(", ", allowed)}";

    private static string Shown(string value)
    {
        var oneLine = string.Concat(value.Take(LongestShown).Select(c => char.IsControl(c) ? '?' : c));
        return value.Length > LongestShown ? oneLine + "..." : oneLine;
    }

    private void Complain(ConfigNode node, string key, string text) => problems.Add(new ConfigProblem(node.Origin, key, text));
}
