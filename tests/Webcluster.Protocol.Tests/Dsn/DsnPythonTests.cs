using System.Text;
using System.Text.Json;
using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Dsn;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Tests.Dsn;

/// <summary>Reports as a parser that is not ours reads them: Python's email package.</summary>
public sealed class DsnPythonTests
{
    private const string Script =
        """
        import email, email.policy, json, sys
        m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
        parts = m.get_payload()
        status = parts[1].get_payload()
        if isinstance(status, str):  # a media type this package does not know
            status = [email.message_from_string(g, policy=email.policy.default) for g in status.replace("\r\n", "\n").split("\n\n")]
        sys.stdout.buffer.write(json.dumps({
            "defects": [str(d) for p in m.walk() for d in p.defects],
            "headers": {k: str(v) for k, v in m.items()},
            "types": [p.get_content_type() for p in parts],
            "text": parts[0].get_content(),
            "groups": [{k: str(v) for k, v in g.items()} for g in status],
            "original": parts[2].get_payload()[0]["Subject"] if parts[2].get_content_type() == "message/rfc822"
                else str(parts[2].get_payload()),
        }).encode())
        """;

    private static JsonElement Read(DsnReport report)
    {
        var (exitCode, output, error) = Python.Run(Script, DsnWriter.Write(report));
        exitCode.ShouldBe(0, error);
        var read = JsonDocument.Parse(output).RootElement;
        read.GetProperty("defects").GetArrayLength().ShouldBe(0, output);
        return read;
    }

    private static string[] Types(JsonElement read) => [.. read.GetProperty("types").EnumerateArray().Select(t => t.GetString()!)];

    [PythonFact]
    public void Write_Failure_IsReadAsWritten()
    {
        var read = Read(DsnReports.For(DsnReports.Bob, DsnReports.Bob with { Recipient = new Mailbox("carol", "example.com") }));
        Types(read).ShouldBe(["text/plain", "message/delivery-status", "message/rfc822"]);
        var headers = read.GetProperty("headers");
        headers.GetProperty("From").GetString().ShouldBe("Mail Delivery System <mailer-daemon@out.sender.example>");
        headers.GetProperty("Auto-Submitted").GetString().ShouldBe("auto-replied");
        headers.GetProperty("Date").GetString().ShouldBe("Sun, 22 Nov 2026 12:00:00 +0000");
        var groups = read.GetProperty("groups").EnumerateArray().ToList();
        groups.Count.ShouldBe(3);
        groups[0].GetProperty("Original-Envelope-Id").GetString().ShouldBe("QQ314159");
        groups[1].GetProperty("Status").GetString().ShouldBe("5.1.1");
        groups[1].GetProperty("Diagnostic-Code").GetString().ShouldBe("smtp; 550 5.1.1 no such user");
        groups[2].GetProperty("Final-Recipient").GetString().ShouldBe("rfc822; carol@example.com");
        read.GetProperty("original").GetString().ShouldBe("Hello");
    }

    [PythonFact]
    public void Write_HostileReply_StaysInItsField()
    {
        var reply = new SmtpReply(550, default,
            "a\r\nAction: delivered\r\n\r\nFinal-Recipient: rfc822; eve@x\r\n--=_boundary--\r\n " + new string('x', 3000));
        var groups = Read(DsnReports.For(DsnReports.Bob with { Diagnostic = reply })).GetProperty("groups").EnumerateArray().ToList();
        groups.Count.ShouldBe(2);
        groups[1].GetProperty("Action").GetString().ShouldBe("failed");
        groups[1].GetProperty("Final-Recipient").GetString().ShouldBe("rfc822; bob@example.com");
        groups[1].GetProperty("Diagnostic-Code").GetString()
            .ShouldStartWith("smtp; 550 a??Action: delivered????Final-Recipient: rfc822; eve@x??--=_boundary--?? xxx");
    }

    [PythonFact]
    public void Write_ForeignReply_IsReadableText()
    {
        var report = DsnReports.For(DsnReports.Bob with { Diagnostic = new SmtpReply(550, default, "用户不存在 = \"ä\"") });
        Read(report).GetProperty("text").GetString()!.ShouldContain("mx.example.com said: 550 用户不存在 = \"ä\"\r\n");
    }

    [PythonFact]
    public void Write_Utf8Report_HasTheGlobalParts()
    {
        var report = DsnReports.For(DsnReports.Bob with { Recipient = new Mailbox("jürgen", "example.com") }) with
        {
            UseUtf8 = true, Original = Encoding.UTF8.GetBytes("Subject: ä\r\n\r\nbody\r\n"),
        };
        Types(Read(report)).ShouldBe(["text/plain", "message/global-delivery-status", "message/global"]);
    }

    [PythonFact]
    public void Write_EightBitOriginal_IsReadWithoutDefects() =>
        Read(DsnReports.Failure with { Original = Encoding.UTF8.GetBytes("Subject: a\r\n\r\nä\r\n") }).GetProperty("original").GetString()
            .ShouldBe("a");
}
