namespace Webcluster.Node.Configuration.Binding;

/// <summary>The configuration as written, whatever it was written in: YAML, or variables of the environment laid over it.</summary>
internal abstract class ConfigNode(ConfigOrigin origin)
{
    public ConfigOrigin Origin { get; } = origin;

    /// <summary>A value. Nothing at all ("key:", "~", "null") is <see cref="IsNothing"/>: a section or list without entries.</summary>
    internal sealed class Scalar(string value, bool isNothing, ConfigOrigin origin) : ConfigNode(origin)
    {
        public string Value { get; } = value;

        public bool IsNothing { get; } = isNothing;
    }

    /// <summary>A section. Its entries' origins are the lines of their keys.</summary>
    internal sealed class Map(ConfigOrigin origin) : ConfigNode(origin)
    {
        public OrderedDictionary<string, ConfigNode> Entries { get; } = new(StringComparer.Ordinal);
    }

    internal sealed class Sequence(ConfigOrigin origin) : ConfigNode(origin)
    {
        public List<ConfigNode> Items { get; } = [];
    }
}
