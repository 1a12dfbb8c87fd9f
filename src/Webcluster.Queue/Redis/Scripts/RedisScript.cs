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

    /// <summary>The script of that file, behind the shared parts that its line "-- uses:" names. The line of flags stays the
    /// first.</summary>
    public static RedisScript Load(string name)
    {
        var own = Read($"{name}.lua");
        var flags = own.StartsWith(Flags, StringComparison.Ordinal) ? own[..(own.IndexOf('\n') + 1)] : "";
        var uses = own.Split('\n').First(line => line.StartsWith(Uses, StringComparison.Ordinal))[Uses.Length..];
        var shared = uses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => Read($"Shared.{part}.lua"));
        return new RedisScript(name, $"{flags}{string.Concat(shared)}{own[flags.Length..]}");
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
