using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Webcluster.Queue.Redis.Scripts;

/// <summary>A script as the server knows it.</summary>
internal sealed class RedisScript(string name, string text)
{
    private const string Flags = "#!lua";
    private const string Uses = "-- uses:";

    public string Name { get; } = name;

    public string Text { get; } = text;

    public byte[] Sha1 { get; } = SHA1.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// The script of that file, behind the shared parts that its line "-- uses:" names. The line of flags stays the first. All but the
    /// first part, the keys, is a function within: what functions take from around them Lua looks for among all names of the level they are
    /// made on, one after the other, at each call of a script; from further out it is there at once. That halves what making them costs.
    /// </summary>
    public static RedisScript Load(string name)
    {
        var own = Read($"{name}.lua");
        var flags = own.StartsWith(Flags, StringComparison.Ordinal) ? own[..(own.IndexOf('\n') + 1)] : "";
        var uses = own.Split('\n').First(line => line.StartsWith(Uses, StringComparison.Ordinal))[Uses.Length..];
        var shared = uses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => Read($"Shared.{part}.lua")).ToArray();
        return new RedisScript(name, $"{flags}{shared[0]}return (function()\n{string.Concat(shared[1..])}{own[flags.Length..]}\nend)()");
    }

    private static string Read(string file)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream = assembly.GetManifestResourceStream($"Webcluster.Queue.Redis.Scripts.{file}")
            ?? throw new InvalidOperationException($"The program lacks its script {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
