using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Webcluster.Node.Configuration.Binding;

/// <summary>
/// Reads YAML into the tree. What configuration has no use for is refused rather than guessed at: anchors, tags, several documents, keys
/// that are not plain words, the same key twice. A syntax error ends the reading, everything else is collected.
/// </summary>
internal sealed class YamlTree
{
    private const int MaxDepth = 16;

    private readonly string _file;
    private readonly Parser _parser;
    private readonly List<ConfigProblem> _problems;

    private YamlTree(string file, string text, List<ConfigProblem> problems)
    {
        _file = file;
        _problems = problems;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The tree of the one document in <paramref name="text"/>; an empty section where there is none.</summary>
    /// <param name="file">The name that problems show.</param>
    public static ConfigNode.Map Parse(string file, string text, List<ConfigProblem> problems)
    {
        var empty = new ConfigNode.Map(new ConfigOrigin.Line(file, 0));
        var tree = new YamlTree(file, text, problems);
        try
        {
            return tree.ReadDocument() ?? empty;
        }
        catch (YamlException error)
        {
            tree.Complain(new ConfigOrigin.Line(file, (int)error.End.Line), "", $"not valid YAML: {error.Message.ReplaceLineEndings(" ")}");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or EndOfStreamException)
        {
            // What the library throws besides on some wrong flow collections, tags and aliases.
            tree.Complain(new ConfigOrigin.Line(file, (int)(tree._parser.Current?.End.Line ?? 0)), "", "not valid YAML from here on");
        }
        return empty;
    }

    private ConfigNode.Map? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _)) return null;
        var first = At(_parser.Current!);
        var root = Read(new ConfigOrigin.Line(_file, 0), "", 0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _)) Complain(At(_parser.Current!), "", "a second document; only one is allowed");
        if (root is ConfigNode.Map map) return map;
        if (root is not ConfigNode.Scalar { IsNothing: true }) Complain(first, "", "must be a section: lines of \"key: value\"");
        return null;
    }

    private ConfigNode Read(ConfigOrigin origin, string path, int depth)
    {
        if (_parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
            Complain(At(_parser.Current), path, "anchors and aliases are not supported");
        if (depth == MaxDepth && _parser.Current is MappingStart or SequenceStart)
        {
            Complain(origin, path, $"nested deeper than {MaxDepth} levels");
            _parser.SkipThisAndNestedEvents();
            return new ConfigNode.Scalar("", isNothing: true, origin);
        }
        if (_parser.TryConsume<MappingStart>(out _)) return ReadMap(origin, path, depth);
        if (_parser.TryConsume<SequenceStart>(out _)) return ReadSequence(origin, path, depth);
        if (_parser.TryConsume<AnchorAlias>(out _)) return new ConfigNode.Scalar("", isNothing: true, origin);
        var scalar = _parser.Consume<Scalar>();
        var isNothing = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";
        return new ConfigNode.Scalar(isNothing ? "" : scalar.Value, isNothing, origin);
    }

    private ConfigNode.Map ReadMap(ConfigOrigin origin, string path, int depth)
    {
        var map = new ConfigNode.Map(origin);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var line = At(_parser.Current!);
            if (!_parser.TryConsume<Scalar>(out var key))
            {
                Complain(line, path, "a key must be a plain word");
                _parser.SkipThisAndNestedEvents();
                _parser.SkipThisAndNestedEvents();
                continue;
            }
            var keyPath = path.Length == 0 ? key.Value : $"{path}.{key.Value}";
            if (map.Entries.TryGetValue(key.Value, out var first)) Complain(line, keyPath, $"given twice; first at {first.Origin}");
            var value = Read(line, keyPath, depth + 1);
            map.Entries.TryAdd(key.Value, value);
        }
        return map;
    }

    private ConfigNode.Sequence ReadSequence(ConfigOrigin origin, string path, int depth)
    {
        var sequence = new ConfigNode.Sequence(origin);
        while (!_parser.TryConsume<SequenceEnd>(out _))
            sequence.Items.Add(Read(At(_parser.Current!), $"{path}[{sequence.Items.Count}]", depth + 1));
        return sequence;
    }

    private ConfigOrigin.Line At(ParsingEvent parsed) => new(_file, (int)parsed.Start.Line);

    private void Complain(ConfigOrigin origin, string key, string text) => _problems.Add(new ConfigProblem(origin, key, text));
}
