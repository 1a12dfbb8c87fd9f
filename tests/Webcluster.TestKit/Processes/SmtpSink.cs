using System.Net;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;

namespace Webcluster.TestKit.Processes;

/// <summary>Postfix's smtp-sink, which writes each mail it gets into a file of its own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class SmtpSink : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly string _folder;

    private SmtpSink(ChildProcess process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    public int Count => Whole().Count();

    public static Task<SmtpSink> StartAsync(TemporaryFolder temporary, params string[] options) => StartAsync(temporary, IPAddress.Loopback, options);

    public static async Task<SmtpSink> StartAsync(TemporaryFolder temporary, IPAddress address, params string[] options)
    {
        var port = Ports.Free();
        var folder = temporary.PathOf($"sink-{port}");
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        string[] user = Environment.UserName == "root" ? ["-u", "nobody"] : [];
        var process = ChildProcess.Start(Tool.Find("smtp-sink")!, [.. user, "-d", "m.", .. options, $"{address}:{port}", "1000"], folder: folder);
        await Ports.WaitForAsync(new IPEndPoint(address, port), TimeSpan.FromSeconds(10), () => process.Output);
        return new SmtpSink(process, folder, port);
    }

    /// <summary>The mails as they came over the wire, without the lines that smtp-sink puts in front, CRLF restored.</summary>
    public IEnumerable<SunkMail> Mails() => Whole().Select(
        file => Parse(File.ReadAllText(file, System.Text.Encoding.Latin1), new DateTimeOffset(File.GetLastWriteTimeUtc(file))));

    public async Task WaitForAsync(int count, TimeSpan atMost, Func<string> whyNot)
    {
        for (var end = DateTime.UtcNow + atMost; Count < count; await Task.Delay(100))
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"{Count} of {count} mails came in {atMost.TotalSeconds} s\n{whyNot()}");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>The mails it is through with: it makes the file when MAIL comes, and closes it at the final dot.</summary>
    private IEnumerable<string> Whole()
    {
        var files = Directory.GetFiles(_folder);
        var open = _process.OpenFiles().ToHashSet(StringComparer.Ordinal);
        return files.Where(file => !open.Contains(file));
    }

    private static SunkMail Parse(string text, DateTimeOffset at)
    {
        // It ends each file with an empty line of its own.
        var lines = (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
        var own = lines.TakeWhile(line => OwnLine.IsMatch(line)).ToList();
        var envelope = own.Select(line => OwnLine.Match(line)).ToLookup(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        return new SunkMail([.. envelope["Rcpt-Args"].Select(value => value.Split('<', '>')[1])], string.Join("\r\n", lines.Skip(own.Count)))
        {
            At = at, Client = envelope["Client-Addr"].FirstOrDefault(""), Hello = envelope["Helo-Args"].FirstOrDefault(""), MailArguments = envelope["Mail-Args"].FirstOrDefault(""), RecipientArguments = [.. envelope["Rcpt-Args"]],
        };
    }

    [GeneratedRegex("^X-(?<name>Client-Addr|Client-Proto|Helo-Args|Mail-Args|Rcpt-Args): ?(?<value>.*)$", RegexOptions.None, 1000)]
    private static partial Regex OwnLine { get; }
}

public sealed record SunkMail(IReadOnlyList<string> Recipients, string Content)
{
    /// <summary>When its final dot came.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The address the client connected from.</summary>
    public string Client { get; init; } = "";

    /// <summary>The name the client gave with EHLO.</summary>
    public string Hello { get; init; } = "";

    /// <summary>What stood behind MAIL FROM: the address and its parameters.</summary>
    public string MailArguments { get; init; } = "";

    /// <summary>What stood behind each RCPT TO.</summary>
    public IReadOnlyList<string> RecipientArguments { get; init; } = [];

    /// <summary>The value of the first field of that name, folding kept.</summary>
    public string? Header(string name)
    {
        var header = "\r\n" + Content.Split("\r\n\r\n", 2)[0];
        var at = header.IndexOf($"\r\n{name}:", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var value = header[(at + name.Length + 3)..];
        var end = Regex.Match(value, "\r\n[^ \t]", RegexOptions.None, TimeSpan.FromSeconds(1));
        return (end.Success ? value[..end.Index] : value).Trim();
    }
}
