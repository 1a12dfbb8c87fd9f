namespace Webcluster.Node.Configuration.Binding;

/// <summary>Finds the key that was probably meant.</summary>
internal static class NearMiss
{
    private const int LongestCompared = 64;

    /// <summary>
    /// The allowed word nearest to the given one; null where none is within a third of its length (at least 1, at most 3 edits).
    /// </summary>
    public static string? Of(string given, IEnumerable<string> allowed)
    {
        if (given.Length > LongestCompared) return null;
        var limit = Math.Clamp(given.Length / 3, 1, 3);
        return allowed
            .Select(word => (Word: word, Edits: Edits(given.ToLowerInvariant().Replace('-', '_'), word)))
            .Where(candidate => candidate.Edits <= limit)
            .OrderBy(candidate => candidate.Edits)
            .Select(candidate => candidate.Word)
            .FirstOrDefault();
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Edits(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                table[i, j] = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        return table[a.Length, b.Length];
    }
}
