using System.Runtime.InteropServices;

namespace Webcluster.Protocol.Classification.Rules;

/// <summary>Phrases while they are put together: those that begin alike share their beginning. The root is 0. A node is a few numbers, since
/// there are as many as the phrases have letters.</summary>
internal sealed class PhraseTree
{
    private const int Root = 0;

    private readonly List<Node> _nodes = [new Node('\0')];

    public int Count => _nodes.Count;

    public void Add(string phrase, int number)
    {
        var at = Root;
        foreach (var letter in phrase) at = Below(at, letter);
        At(at).Phrase = number;
    }

    public char LetterOf(int node) => _nodes[node].Letter;

    /// <summary>-1: none ends here.</summary>
    public int PhraseOf(int node) => _nodes[node].Phrase;

    /// <summary>The root where there is none.</summary>
    public int FirstBelow(int node) => _nodes[node].Below;

    /// <inheritdoc cref="FirstBelow"/>
    public int NextBeside(int node) => _nodes[node].Beside;

    private int Below(int node, char letter)
    {
        for (var next = FirstBelow(node); next != Root; next = NextBeside(next))
            if (LetterOf(next) == letter) return next;
        _nodes.Add(new Node(letter) { Beside = FirstBelow(node) });
        return At(node).Below = _nodes.Count - 1;
    }

    private ref Node At(int node) => ref CollectionsMarshal.AsSpan(_nodes)[node];

    private struct Node(char letter)
    {
        public readonly char Letter => letter;
        public int Below;
        public int Beside;
        public int Phrase = -1;
    }
}
