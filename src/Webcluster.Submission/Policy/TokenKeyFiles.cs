using Webcluster.Protocol.Tokens;

namespace Webcluster.Submission.Policy;

/// <summary>Reads the secrets that sign tokens.</summary>
public static class TokenKeyFiles
{
    /// <summary>What is wrong with the options themselves; keys begin with "keys".</summary>
    public static IEnumerable<(string Key, string Problem)> Problems(IReadOnlyList<TokenKeyOptions> keys)
    {
        if (keys.Count == 0) yield return ("keys", "needs a key: id and file");
        for (var index = 0; index < keys.Count; index++)
        {
            var key = keys[index];
            if (key.Id is < 0 or > 255) yield return ($"keys[{index}].id", "must be from 0 to 255");
            if (keys.Take(index).Any(other => other.Id == key.Id)) yield return ($"keys[{index}].id", $"{key.Id} is another key's");
            if (key.File.Length == 0) yield return ($"keys[{index}].file", "is needed");
        }
    }

    /// <summary>What is wrong with the files.</summary>
    public static IEnumerable<(string Key, string Problem)> FileProblems(IReadOnlyList<TokenKeyOptions> keys)
    {
        for (var index = 0; index < keys.Count; index++)
            if (keys[index].File.Length > 0 && Read(keys[index], out var problem) is null)
                yield return ($"keys[{index}].file", $"{keys[index].File} {problem}");
    }

    /// <exception cref="IOException">A file cannot be used any more; the configuration was checked before.</exception>
    public static TokenKeyRing Load(IReadOnlyList<TokenKeyOptions> keys) =>
        new([.. keys.Select(key => Read(key, out var problem) ?? throw new IOException($"{key.File} {problem}"))]);

    private static TokenKey? Read(TokenKeyOptions options, out string? problem)
    {
        try
        {
            return TokenKey.Create((byte)options.Id, File.ReadAllText(options.File).Trim(), out problem);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = error is FileNotFoundException or DirectoryNotFoundException
                ? "does not exist; make it with: openssl rand -hex 32"
                : $"cannot be read: {error.Message.TrimEnd('.')}";
            return null;
        }
    }
}
