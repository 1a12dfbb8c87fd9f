namespace Webcluster.Protocol.Classification.Rules;

/// <summary>Finds all of many phrases in one pass (Aho and Corasick, 1975): time linear in the text, whatever the text and the
/// phrases are.</summary>
internal sealed class PhraseMatcher
{
    private const int Root = 0;

    // A state's transitions stand together: from _first[state] up to _first[state + 1].
    private readonly int[] _first;
    private readonly char[] _letters;
    private readonly int[] _targets;

    /// <summary>Where to go on when no transition fits: the longest other beginning that the text ends with.</summary>
    private readonly int[] _fallback;

    /// <summary>The phrase that ends in a state; -1: none.</summary>
    private readonly int[] _phrase;

    /// <summary>The next state on the way of fallbacks in which a phrase ends; the root: none.</summary>
    private readonly int[] _shorter;

    private PhraseMatcher(PhraseTree tree)
    {
        _first = new int[tree.Count + 1];
        _letters = new char[tree.Count];
        _targets = new int[tree.Count];
        _fallback = new int[tree.Count];
        _phrase = new int[tree.Count];
        _shorter = new int[tree.Count];
        var count = 0;
        for (var state = 0; state < tree.Count; state++)
        {
            _first[state] = count;
            _phrase[state] = tree.PhraseOf(state);
            for (var next = tree.FirstBelow(state); next != Root; next = tree.NextBeside(next))
                (_letters[count], _targets[count++]) = (tree.LetterOf(next), next);
        }
        _first[tree.Count] = count;
        LinkFallbacks();
    }

    /// <param name="phrases">None empty, none twice; a phrase's number is its place.</param>
    public static PhraseMatcher Create(IReadOnlyList<string> phrases)
    {
        var tree = new PhraseTree();
        for (var phrase = 0; phrase < phrases.Count; phrase++) tree.Add(phrases[phrase], phrase);
        return new PhraseMatcher(tree);
    }

    /// <summary>Adds the numbers of the phrases that occur in the text.</summary>
    public void Find(ReadOnlySpan<char> text, NumberSet found)
    {
        var state = Root;
        foreach (var letter in text)
        {
            state = Step(state, letter);
            var ended = _phrase[state] >= 0 ? state : _shorter[state];
            for (; ended != Root; ended = _shorter[ended]) found.Add(_phrase[ended]);
        }
    }

    private int Step(int state, char letter)
    {
        while (true)
        {
            var at = _letters.AsSpan(_first[state].._first[state + 1]).IndexOf(letter);
            if (at >= 0) return _targets[_first[state] + at];
            if (state == Root) return Root;
            state = _fallback[state];
        }
    }

    /// <summary>Breadth first: a fallback is shorter than its state, so it is known already.</summary>
    private void LinkFallbacks()
    {
        var waiting = new Queue<int>([Root]);
        while (waiting.TryDequeue(out var state))
            for (var at = _first[state]; at < _first[state + 1]; at++)
            {
                var target = _targets[at];
                var fallback = state == Root ? Root : Step(_fallback[state], _letters[at]);
                _fallback[target] = fallback;
                _shorter[target] = _phrase[fallback] >= 0 ? fallback : _shorter[fallback];
                waiting.Enqueue(target);
            }
    }
}
