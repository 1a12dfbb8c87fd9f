using System.Text;
using Shouldly;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Judges;

/// <summary>
/// Independent DKIM verifiers, which look the keys up in a real resolver: dkimpy and OpenDKIM judge both signatures of a mail, Mail::DKIM
/// that of RSA. Of a large batch the first mails go to all of them, the rest to dkimpy only.
/// </summary>
internal static class DkimJudges
{
    private const int ForAll = 20;

    public static async Task ShouldAllPassAsync(TemporaryFolder folder, Unbound dns, IEnumerable<SunkMail> mails)
    {
        var files = mails.Select((mail, index) => Write(folder, $"judged-{index}", mail.Content)).ToList();
        (await VerdictsAsync(folder, dns, files)).ShouldAllBe(verdict => verdict.Verified);
    }

    public static async Task<IReadOnlyList<Verdict>> VerdictsAsync(TemporaryFolder folder, Unbound dns, IReadOnlyList<string> files)
    {
        List<string> some = [.. files.Take(ForAll)];
        var verdicts = new List<Verdict>(await Dkimpy.JudgeAsync(files, dns.Port));
        verdicts.AddRange(await PerlMailDkim.JudgeAsync(some, dns.Port));
        if (OpenDkim.CanRun) verdicts.AddRange(await OpenDkim.JudgeAsync(folder, some, dns));
        return verdicts;
    }

    public static string Write(TemporaryFolder folder, string name, string content)
    {
        var file = folder.PathOf($"{name}.eml");
        File.WriteAllText(file, content, Encoding.Latin1);
        return file;
    }
}
