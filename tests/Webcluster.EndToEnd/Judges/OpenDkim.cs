using System.Text;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Judges;

/// <summary>
/// opendkim-testmsg (C): judges RSA and Ed25519. It asks the system's resolver and nothing else, so it runs, as root, where that is an
/// Unbound of its own: in a network and mount namespace. It is content with one good signature, so it gets each mail once for each, the
/// others taken out.
/// </summary>
internal static class OpenDkim
{
    // In the folder are unbound.conf and the mails; one line of answer for each, its exit code.
    private const string Script = """
        cd "$0" || exit 1
        ip link set lo up && printf 'nameserver 127.0.0.1\n' > resolv.conf && mount --bind resolv.conf "$(readlink -f /etc/resolv.conf)" || exit 1
        unbound -d -c unbound.conf > unbound.log 2>&1 & dns=$!
        for i in $(seq 100); do (: < /dev/tcp/127.0.0.1/53) 2>/dev/null && break; sleep 0.05; done
        for mail; do opendkim-testmsg < "$mail" > testmsg.log 2>&1; echo "$? $(head -c 200 testmsg.log | tr '\n' ' ')"; done
        kill $dns; wait
        """;

    public static bool CanRun => Environment.UserName == "root";

    public static async Task<IReadOnlyList<Verdict>> JudgeAsync(TemporaryFolder folder, IReadOnlyList<string> mails, Unbound dns)
    {
        var place = Directory.CreateDirectory(folder.PathOf("opendkim")).FullName;
        folder.Write("opendkim/unbound.conf", Unbound.Configuration(place, 53, dns.Records));
        var halves = mails.SelectMany(mail => WithOneSignature(File.ReadAllText(mail, Encoding.Latin1)).Select((text, index) =>
        {
            var file = Path.Combine(place, $"{Path.GetFileNameWithoutExtension(mail)}-{index}.eml");
            File.WriteAllText(file, text, Encoding.Latin1);
            return (Mail: mail, File: file);
        })).ToList();
        var ran = await Tool.RunAsync("unshare", ["--net", "--mount", "bash", "-c", Script, place, .. halves.Select(half => half.File)]);
        var said = ran.Lines(halves.Count);
        return
        [
            .. halves.Zip(said).GroupBy(judged => judged.First.Mail, judged => judged.Second)
                .Select(answers => new Verdict("opendkim", answers.Key, answers.Count() == 2 && answers.All(answer => answer.StartsWith("0 ", StringComparison.Ordinal)), string.Join("; ", answers))),
        ];
    }

    /// <summary>The mail once for each of its signatures, with that one only.</summary>
    public static IEnumerable<string> WithOneSignature(string mail)
    {
        var parts = mail.Split("\r\n\r\n", 2);
        // A field begins at a line that does not begin with white space.
        var fields = parts[0].Replace("\r\n ", "\n ", StringComparison.Ordinal).Replace("\r\n\t", "\n\t", StringComparison.Ordinal).Split("\r\n");
        var signatures = fields.Where(IsSignature).ToList();
        return signatures.Select(kept => string.Join("\r\n", fields.Where(field => !IsSignature(field) || field == kept)).Replace("\n ", "\r\n ", StringComparison.Ordinal)
            .Replace("\n\t", "\r\n\t", StringComparison.Ordinal) + "\r\n\r\n" + parts[1]);
    }

    private static bool IsSignature(string field) => field.StartsWith("DKIM-Signature:", StringComparison.OrdinalIgnoreCase);
}
