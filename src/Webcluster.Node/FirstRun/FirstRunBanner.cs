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
    public static string Text(NodeOptions options, string? password)
    {
        var startTls = AddressOf(options, ListenerTls.StartTls);
        var implicitTls = AddressOf(options, ListenerTls.Implicit);
        var shown = password ?? "PASSWORD";
        var credential = password is null
            ? $"user {User}, password shown at the first start (a new one: webcluster user add {User})"
            : $"user {User}, password {password} (shown only now)";
        var version = ProductVersion.Text;
        return $"""

            webcluster {version} runs without a configuration file. Every mail goes to the built-in simulator, none to the Internet.

              submit    {startTls} with STARTTLS, {implicitTls} with TLS; {credential}
              mail      http://{options.Http.Listen}/simulator shows what was delivered
              state     {options.Node.StateFolder}

            Send a mail with either line:

              {Swaks(startTls, shown)}

              {Curl(startTls, shown, options.Tls.Certificate)}

            Ctrl+C stops. To send to the Internet, write {ConfigurationLoader.FileName} (docs/configuration.md).


            """;
    }

    public static string Swaks(string address, string password) =>
        $"swaks --server {address} --tls --auth-user {User} --auth-password {password} --from {Sender} --to {Recipient}";

    public static string Curl(string address, string password, string certificate) =>
        $@"printf 'From: {Sender}\r\nTo: {Recipient}\r\nSubject: Hello\r\n\r\nIt works.\r\n' | "
        + $"curl -sS --url smtp://{address} --ssl-reqd --cacert {Quoted(certificate)} --user {User}:{password} "
        + $"--mail-from {Sender} --mail-rcpt {Recipient} -T -";

    private static string AddressOf(NodeOptions options, ListenerTls tls) =>
        options.Submission.Listeners.Find(listener => listener.Tls == tls)?.Address ?? "(none)";

    /// <summary>As one word of a shell.</summary>
    private static string Quoted(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", @"'\''")}'";
}
