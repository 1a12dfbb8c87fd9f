using System.Text;
using Shouldly;
using Webcluster.Protocol.Reports;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Protocol.Tests.Intake;

/// <summary>Whatever comes, an answer comes back, and what is held meanwhile is bounded.</summary>
public sealed class HostileMailTests
{
    private const long MostAllocated = 64L * 1024 * 1024;

    private static readonly string[] Shapes =
    [
        ReadMail.Bounce("failure notice", "Unable to deliver.\n\n<ann@a.example>:\n550 5.1.1 nobody\n\n--- Below this line is a copy of the message.\n\n"
            + ReadMail.Returned),
        ReadMail.Bounce("Undelivered", "--b\nContent-Type: text/plain; charset=iso-2022-jp\nContent-Transfer-Encoding: quoted-printable\n\nfailed =\nx\n--b\n"
            + "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; ann@a.example\nAction: failed\nStatus: 5.1.1\n\n--b\n"
            + $"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String(Encoding.UTF8.GetBytes(ReadMail.Returned))}\n--b--",
            "Content-Type: multipart/report; report-type=delivery-status; boundary*0=\"b\"\n"),
        "From: fbl@isp.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n"
            + $"Feedback-Type: abuse\nOriginal-Rcpt-To: ann@a.example\n\n--b\nContent-Type: text/rfc822-headers\n\n{ReadMail.Returned}\n--b--\n",
        "From: no-reply@sns.example\n\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"ann@a.example\"}]}}\n",
        "Content-Type: text/html\n\n<p>Unable to deliver to <b>ann&#64;a.example</b></p>",
    ];

    [Fact]
    public void Read_Mutations_GiveAReport()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 3000; round++)
        {
            var mail = Encoding.UTF8.GetBytes(Shapes[round % Shapes.Length]).ToList();
            for (var change = random.Next(1, 12); change > 0; change--) Mutate(mail, random);
            Read([.. mail]).Count.ShouldBeInRange(1, ReportLimits.Default.MaxReports);
        }
    }

    [SharedDataFact]
    public void Read_MutationsOfRealMails_GiveAReport()
    {
        var random = new Random(42);
        foreach (var file in Directory.EnumerateFiles(SharedData.Path("bounces"), "*.*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (Path.GetExtension(file) is ".json" or ".tsv") continue;
            for (var round = 0; round < 4; round++)
            {
                var mail = File.ReadAllBytes(file).ToList();
                for (var change = random.Next(1, 30); change > 0; change--) Mutate(mail, random);
                Read([.. mail]).ShouldNotBeEmpty(file);
            }
        }
    }

    public static TheoryData<string> Monsters => new("deep messages", "deep multiparts", "parts", "header", "fields", "line", "at signs", "base64", "html", "words",
        "json", "zeros", "recipients", "replies", "boundaries", "quotes", "folded");

    [Theory]
    [MemberData(nameof(Monsters))]
    public void Read_Monster_IsBounded(string kind)
    {
        var mail = Monster(kind);
        Read(mail);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(mail).Count.ShouldBeInRange(1, ReportLimits.Default.MaxReports);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostAllocated);
    }

    private static byte[] Monster(string kind)
    {
        string Times(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

        const string daemon = "From: MAILER-DAEMON@a.example\nSubject: failure notice\n";
        return Encoding.Latin1.GetBytes(kind switch
        {
            "deep messages" => Times("Content-Type: message/rfc822\n\n", 100_000),
            "deep multiparts" => string.Concat(Enumerable.Range(0, 10_000).Select(n => $"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")),
            "parts" => daemon + "Content-Type: multipart/mixed; boundary=b\n\n" + Times("--b\n\nunable to deliver\n", 100_000),
            "header" => daemon + "X: " + new string('x', 20_000_000) + "\n\nbody",
            "fields" => daemon + Times("X-Failed-Recipients: a@b.example\nReceived: x\n", 200_000) + "\n",
            "line" => daemon + "\nunable to deliver " + new string('5', 50_000_000),
            "at signs" => daemon + "\nunable to deliver\n" + new string('@', 2_000_000),
            "base64" => daemon + "Content-Transfer-Encoding: base64\n\n" + Times("QUJD\n", 1_000_000),
            "html" => daemon + "Content-Type: text/html\n\n" + Times("<a <!-- & &#x <style> ", 100_000),
            "words" => "Subject: " + Times("=?utf-8?q?", 5_000) + "\n" + daemon + "\n",
            "json" => daemon + "\n" + Times("{\"Message\":", 200_000),
            "zeros" => new string('\0', 8_000_000),
            "recipients" => daemon + "\nunable to deliver\n" + string.Concat(Enumerable.Range(0, 20_000).Select(n => $"<r{n}@a.example>:\n550 no user {n}\n")),
            "replies" => daemon + "\nunable to deliver\n" + Times("550 5.1.1 <a@b.example> ", 300_000),
            "boundaries" => daemon + "Content-Type: multipart/mixed; boundary=\"" + new string('-', 190) + "\"\n\n" + new string('-', 5_000_000),
            "quotes" => daemon + "\nunable to deliver\n" + Times("\"@", 1_000_000),
            "folded" => daemon + "\n" + Times("Final-Recipient: rfc822; a@b.example\n", 1) + Times(" folded on\n", 500_000),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        });
    }

    private static void Mutate(List<byte> mail, Random random)
    {
        if (mail.Count == 0) return;
        var at = random.Next(mail.Count);
        switch (random.Next(6))
        {
            case 0:
                mail[at] = (byte)random.Next(256);
                break;
            case 1:
                mail.RemoveRange(at, Math.Min(random.Next(1, 40), mail.Count - at));
                break;
            case 2:
                mail.InsertRange(at, mail.GetRange(at, Math.Min(random.Next(1, 200), mail.Count - at)));
                break;
            case 3:
                mail.Insert(at, (byte)"\n\r\0:;=?<>@\"'& -"[random.Next(15)]);
                break;
            case 4:
                mail.RemoveRange(at, mail.Count - at);
                break;
            default:
                mail.InsertRange(at, Encoding.ASCII.GetBytes(new string((char)random.Next(33, 127), random.Next(1, 300))));
                break;
        }
    }

    private static IReadOnlyList<MailReport> Read(byte[] mail) => ReadMail.Reader.Read(mail);
}
