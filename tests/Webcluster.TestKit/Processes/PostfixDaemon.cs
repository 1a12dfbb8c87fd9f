using System.Runtime.Versioning;
using System.Text.RegularExpressions;

namespace Webcluster.TestKit.Processes;

/// <summary>
/// A Postfix of its own: its configuration, queue and data in a folder, one listener on a loopback port, no chroot. Needs root.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class PostfixDaemon : IAsyncDisposable
{
    private static readonly string[] Masters = ["/usr/share/postfix/master.cf.dist", "/etc/postfix/master.cf"];
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(20);
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    private readonly TemporaryFolder _folder;
    private readonly string _name;
    private ChildProcess? _master;

    private PostfixDaemon(TemporaryFolder folder, string name, int port) => (_folder, _name, Port) = (folder, name, port);

    public int Port { get; }

    private string Configuration => _folder.PathOf(_name);

    // Postfix writes no log outside of /var.
    private string Log => $"/var/log/webcluster-test-postfix-{Port}.log";

    /// <param name="name">Of its folder.</param>
    /// <param name="settings">Lines of main.cf, besides those about folders, interfaces and the log.</param>
    /// <param name="services">Further lines of master.cf.</param>
    /// <param name="time">Null: the true one.</param>
    public static async Task<PostfixDaemon> StartAsync(
        TemporaryFolder folder, string name, string settings, string services = "", FastTime? time = null)
    {
        var daemon = new PostfixDaemon(folder, name, Ports.Free());
        var master = await File.ReadAllTextAsync(Masters.First(File.Exists));
        var lines = master.Split('\n').Select(line => Listener.IsMatch(line)
            ? $"127.0.0.1:{daemon.Port} inet n - n - - smtpd"
            : Chroot.Replace(line, "${head}n"));
        folder.Write($"{name}/master.cf", string.Join('\n', lines.Append(services)) + "\n");
        foreach (var part in new[] { "queue", "data" }) Directory.CreateDirectory(folder.PathOf($"{name}/{part}"));
        folder.Write($"{name}/main.cf", $"""
            compatibility_level = 3.6
            queue_directory = {daemon.Configuration}/queue
            data_directory = {daemon.Configuration}/data
            inet_interfaces = loopback-only
            inet_protocols = ipv4
            mydestination =
            maillog_file = {daemon.Log}
            import_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C LD_PRELOAD FAKETIME FAKETIME_SHARED NO_FAKE_STAT
            {settings}

            """);
        await ShellAsync($"chown postfix {daemon.Configuration}/data");
        await (time is { } fast ? daemon.StartFastAsync(fast) : daemon.StartAsync());
        return daemon;
    }

    /// <summary>Messages in its queue, in any state.</summary>
    public int Queued() => new[] { "incoming", "active", "deferred", "maildrop" }
        .Select(queue => Path.Combine(Configuration, "queue", queue)).Where(Directory.Exists)
        .Sum(queue => Directory.EnumerateFiles(queue, "*", Everywhere).Count());

    public IReadOnlyList<string> LogLines() => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    public async ValueTask DisposeAsync()
    {
        await ShellAsync($"postfix -c {Configuration} stop; rm -f {Log}");
        if (_master is not null) await _master.DisposeAsync();
    }

    private async Task StartAsync()
    {
        // Into a file: its daemons keep what they were started with open.
        var said = Configuration + "/started";
        await ShellAsync($"postfix -c {Configuration} start", said);
        await Ports.WaitForAsync(Port, StartBound, () => $"Postfix did not start: {File.ReadAllText(said)}");
    }

    /// <summary>All its daemons have one time, whenever they begin: the command keeps it for them while the master runs.</summary>
    private Task StartFastAsync(FastTime time)
    {
        var tool = Tool.Find("faketime") ?? throw new InvalidOperationException("faketime is not installed (Debian: faketime)");
        // Postfix compares the times of its files with its own.
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NO_FAKE_STAT"] = "1" };
        var master = _master = ChildProcess.Start(tool, ["-f", time.Text, Tool.Find("postfix")!, "-c", Configuration, "start-fg"], environment);
        return Ports.WaitForAsync(Port, StartBound, () => $"Postfix did not start: {master.Output}");
    }

    private static Task<Ran> ShellAsync(string line, string output = "/dev/null") =>
        Tool.RunAsync("bash", ["-c", $"PATH=$PATH:/usr/sbin; {{ {line}; }} >{output} 2>&1"]);

    [GeneratedRegex("^smtp +inet ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listener { get; }

    [GeneratedRegex(@"^(?<head>\w+ +unix(-dgram)? +[-ny] +[-ny] +)[-y]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Chroot { get; }
}
