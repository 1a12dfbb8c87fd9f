using System.Text;

namespace Webcluster.MicroBenchmarks;

internal static class Mails
{
    /// <summary>A message of about so many octets, in lines of 76.</summary>
    public static byte[] Of(int octets)
    {
        var text = new StringBuilder("""
            From: Shop <shop@sender.example>
            To: reader@site.example
            Subject: What is new this week
            Date: Sun, 22 Nov 2026 10:00:00 +0000
            Message-ID: <20261122100000.12345@sender.example>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8


            """.ReplaceLineEndings("\r\n"));
        for (var line = 0; text.Length < octets; line++) text.Append(Line(line)).Append("\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static string Line(int line) => string.Concat(Enumerable.Range(0, 76).Select(i => (char)('!' + 1 + (line * 31 + i * 7) % 90)));
}
