using System.Globalization;

namespace Webcluster.Node.Configuration.Binding;

/// <summary>
/// Lays variables over the tree: WEBCLUSTER__SECTION__KEY=value sets section.key, WEBCLUSTER__LIST__0__KEY=value sets list[0].key; the
/// index behind the last entry appends one. Case of the variable's name behind the prefix does not matter.
/// </summary>
internal static class EnvironmentOverrides
{
    public const string Prefix = "WEBCLUSTER__";

    public static void Apply(ConfigNode.Map root, IEnumerable<KeyValuePair<string, string>> environment, List<ConfigProblem> problems)
    {
        var overrides = environment
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(variable => new Override(variable.Key, variable.Key[Prefix.Length..].ToLowerInvariant().Split("__"), variable.Value))
            .Order();
        foreach (var setting in overrides) Set(root, setting, problems);
    }

    private static void Set(ConfigNode.Map root, Override setting, List<ConfigProblem> problems)
    {
        var origin = new ConfigOrigin.Variable(setting.Name);
        ConfigNode current = root;
        var path = "";
        for (var depth = 0; ; depth++)
        {
            var segment = setting.Path[depth];
            var isLast = depth == setting.Path.Length - 1;
            var slot = Slot(current, segment);
            if (slot is null)
            {
                var count = (current as ConfigNode.Sequence)?.Items.Count;
                problems.Add(new ConfigProblem(
                    origin, path, count is null ? "has no entries" : $"has {count} entries, so the next index is {count}"));
                return;
            }
            path = current is ConfigNode.Sequence ? $"{path}[{segment}]" : path.Length == 0 ? segment : $"{path}.{segment}";
            if (isLast)
            {
                slot(new ConfigNode.Scalar(setting.Value, isNothing: setting.Value.Length == 0, origin));
                return;
            }
            current = Descend(current, segment, setting.Path[depth + 1], slot, origin);
        }
    }

    /// <summary>How to set the entry; null where the node can have no such entry.</summary>
    private static Action<ConfigNode>? Slot(ConfigNode parent, string segment) => parent switch
    {
        ConfigNode.Map map => value => map.Entries[segment] = value,
        ConfigNode.Sequence list when IsIndex(segment, out var index) && index < list.Items.Count => value => list.Items[index] = value,
        ConfigNode.Sequence list when IsIndex(segment, out var index) && index == list.Items.Count => list.Items.Add,
        _ => null,
    };

    /// <summary>The entry as it is, or a new section or list in its place, as the next segment needs it.</summary>
    private static ConfigNode Descend(ConfigNode parent, string segment, string next, Action<ConfigNode> slot, ConfigOrigin origin)
    {
        var existing = parent switch
        {
            ConfigNode.Map map => map.Entries.GetValueOrDefault(segment),
            ConfigNode.Sequence list when IsIndex(segment, out var index) && index < list.Items.Count => list.Items[index],
            _ => null,
        };
        if (existing is not null and not ConfigNode.Scalar { IsNothing: true }) return existing;
        ConfigNode made = IsIndex(next, out _) ? new ConfigNode.Sequence(origin) : new ConfigNode.Map(origin);
        slot(made);
        return made;
    }

    private static bool IsIndex(string segment, out int index) =>
        int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out index);

    /// <summary>Ordered by path with indices as numbers, so that list entries append in order.</summary>
    private sealed record Override(string Name, string[] Path, string Value) : IComparable<Override>
    {
        public int CompareTo(Override? other)
        {
            for (var i = 0; i < Math.Min(Path.Length, other!.Path.Length); i++)
            {
                var order = IsIndex(Path[i], out var mine) && IsIndex(other.Path[i], out var theirs)
                    ? mine.CompareTo(theirs)
                    : string.CompareOrdinal(Path[i], other.Path[i]);
                if (order != 0) return order;
            }
            return Path.Length.CompareTo(other.Path.Length);
        }
    }
}
