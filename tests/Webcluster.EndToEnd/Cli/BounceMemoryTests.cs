using System.Globalization;
using System.Text;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Xunit;

namespace Webcluster.EndToEnd.Cli;

/// <summary>Reading a mail takes little memory, whatever the mail is: the most that the whole process of the command ever held.</summary>
public sealed class BounceMemoryTests
{
    private const int Most = 64 * 1024;
    private const int Octets = 50_000_000;
    private const string Head = "From: MAILER-DAEMON@relay.example\nSubject: failure notice\n";

    // What the kernel says of the children that have ended, in KiB; the command is the only one.
    private const string Peak = """
        import resource, subprocess, sys
        ended = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)
        print(ended.returncode, ended.stdout.count(b"\n"), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        """;

    [PeerTheory("python3")]
    [InlineData("one line")]
    [InlineData("one line that ends in CR")]
    [InlineData("lines of a failed recipient each")]
    [InlineData("parts inside parts")]
    [InlineData("many parts")]
    [InlineData("many fields")]
    [InlineData("one field of addresses")]
    [InlineData("encoded message")]
    [InlineData("status of many recipients")]
    [InlineData("list of recipients and one long text")]
    [InlineData("status without a text, and a long text")]
    [InlineData("html")]
    [InlineData("brackets")]
    [InlineData("mbox")]
    public async Task Parse_HostileShape_HoldsAtMost64MiB(string shape)
    {
        using var folder = new TemporaryFolder();
        var file = folder.PathOf("hostile.eml");
        await using (var mail = File.Create(file)) Write(mail, shape);
        var program = Path.Combine(AppContext.BaseDirectory, "webcluster.dll");
        var ran = await Tool.RunAsync("python3", ["-c", Peak, "dotnet", program, "bounce", "parse", file]);
        var said = ran.Output.Split(' ');
        said[0].ShouldBe("0", ran.ToString());
        int.Parse(said[1], CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        int.Parse(said[2], CultureInfo.InvariantCulture).ShouldBeLessThan(Most);
    }

    private static void Write(Stream mail, string shape)
    {
        var (head, unit) = shape switch
        {
            "one line" => (Head + "\n", "a"),
            "one line that ends in CR" => (Head.Replace('\n', '\r') + "\r", "a"),
            "lines of a failed recipient each" => (Head + "\n", "<a{0}@b.example>: 550 5.1.1 no such user\n"),
            "parts inside parts" => (
                Head + "Content-Type: multipart/mixed; boundary=b\n\n--b\n", "Content-Type: multipart/mixed; boundary=b{0}\n\n--b{0}\n"),
            "many parts" => (
                Head + "Content-Type: multipart/mixed; boundary=b\n\n", "--b\nContent-Type: text/plain\n\n<a@b.example>: 550 no\n"),
            "many fields" => (Head, "X-Field-{0}: some value or other\n"),
            "one field of addresses" => (Head + "To: ", "a{0}@b.example, "),
            "encoded message" => (
                Head + "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n", "c29tZXRoaW5nIHRvIGRlY29kZQ0KYW5kIG1vcmU=\n"),
            "status of many recipients" => (
                Head + "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n",
                "Final-Recipient: rfc822;u{0}@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n"),
            "list of recipients and one long text" => (
                Head + "X-Failed-Recipients: " + string.Join(", ", Enumerable.Range(0, 1000).Select(each => $"a{each}@b.example")) + "\n\n",
                "some words that say why nothing is delivered here\n"),
            "status without a text, and a long text" => (
                Head + "Content-Type: multipart/report; boundary=b\n\n--b\n\n" + Words + "--b\nContent-Type: message/delivery-status\n\n",
                "Final-Recipient: rfc822;u{0}@b.example\nAction: failed\nDiagnostic-Code: smtp; {0}\n\n"),
            "html" => (Head + "Content-Type: text/html\n\n", "<p>&lt;a{0}@b.example&gt;"),
            "brackets" => (Head + "\n", "{{\"a\":"),
            "mbox" => ("", "From a@b.example Sat Jan  3 01:05:34 1996\n" + Head + "\n<a@b.example>: 550 no such user\n\n"),
            _ => throw new ArgumentOutOfRangeException(nameof(shape)),
        };
        mail.Write(Encoding.ASCII.GetBytes(head));
        for (var number = 0; mail.Position < Octets; number += Repeats)
            mail.Write(Encoding.ASCII.GetBytes(Some(unit, number)));
    }

    private const int Repeats = 1000;

    private static readonly string Words = string.Concat(Enumerable.Repeat("some words that say why nothing is delivered here\n", 2000));

    private static string Some(string unit, int number)
    {
        var format = CompositeFormat.Parse(unit);
        var text = new StringBuilder();
        for (var at = 0; at < Repeats; at++) text.AppendFormat(CultureInfo.InvariantCulture, format, number + at);
        return text.ToString();
    }
}
