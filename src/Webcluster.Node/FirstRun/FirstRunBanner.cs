using Webcluster.Node.Configuration;
using Webcluster.Submission.Policy;

namespace Webcluster.Node.FirstRun;

/// <summary>What the first run says: where everything is, and two lines to paste that send a mail.</summary>
internal static class FirstRunBanner
{
    private const string Sender = "hello@" + FirstRunConfiguration.SenderDomain;
    private const string User = FirstRunConfiguration.UserName;
    private const string Recipient = "anna@example.net";

    /// <param name="password">Null where it was shown before and only its hash is known.</param>
    public static string Text(LoadedConfiguration loaded, string? password)
    {
        var options = loaded.Options;
        var startTls = AddressOf(options, ListenerTls.StartTls);
        var implicitTls = AddressOf(options, ListenerTls.Implicit);
        List<string> lines =
        [
            "",
            $"webcluster {ProductVersion.Text} runs without a configuration file. {WhereMailGoes(options)}",
            "",
            $"  submit    {startTls} with STARTTLS, {implicitTls} with TLS; {Credential(loaded, password)}",
        ];
        if (options.Simulator.Enabled) lines.Add($"  mail      http://{options.Http.Listen}/simulator shows what was delivered");
        lines.AddRange([$"  state     {options.Node.StateFolder}", ""]);
        if (HasDemo(loaded) && loaded.FilesToMake.Contains(FirstRunConfiguration.CertificateKey))
            lines.AddRange(LinesToPaste(startTls, password ?? "PASSWORD", options.Tls.Certificate));
        var wish = options.Simulator.CatchAll ? "To send to the Internet" : "To configure more";
        lines.AddRange([$"Ctrl+C stops. {wish}, write {ConfigurationLoader.FileName} (docs/configuration.md).", "", ""]);
        return string.Join('\n', lines);
    }

    public static string Swaks(string address, string password) =>
        $"swaks --server {address} --tls --auth-user {User} --auth-password {password} --from {Sender} --to {Recipient}";

    public static string Curl(string address, string password, string certificate) =>
        $@"printf 'From: {Sender}\r\nTo: {Recipient}\r\nSubject: Hello\r\n\r\nIt works.\r\n' | "
        + $"curl -sS --url smtp://{address} --ssl-reqd --cacert {Quoted(certificate)} --user {User}:{password} "
        + $"--mail-from {Sender} --mail-rcpt {Recipient} -T -";

    private static bool HasDemo(LoadedConfiguration loaded) => loaded.FilesToMake.Contains(FirstRunConfiguration.UsersKey);

    private static string WhereMailGoes(NodeOptions options) => options switch
    {
        { Simulator.CatchAll: false } => "Mail goes to the Internet.",
        { Routes.Count: > 0 } => "Mail that no route takes goes to the built-in simulator.",
        _ => "Every mail goes to the built-in simulator, none to the Internet.",
    };

    private static string Credential(LoadedConfiguration loaded, string? password)
    {
        if (!HasDemo(loaded)) return $"users are those of {loaded.Options.Submission.Auth.Users}";
        return password is null
            ? $"user {User}, password shown at the first start (a new one: webcluster user add {User})"
            : $"user {User}, password {password} (shown only now)";
    }

    private static string[] LinesToPaste(string address, string password, string certificate) =>
    [
        "Send a mail with either line:",
        "",
        $"  {Swaks(address, password)}",
        "",
        $"  {Curl(address, password, certificate)}",
        "",
    ];

    private static string AddressOf(NodeOptions options, ListenerTls tls) =>
        options.Submission.Listeners.Find(listener => listener.Tls == tls)?.Address ?? "(none)";

    /// <summary>As one word of a shell.</summary>
    private static string Quoted(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", @"'\''")}'";
}
