using System.Text;
using System.Text.Json;
using Shouldly;
using Webcluster.Protocol.Smtp;
using Webcluster.TestKit;

namespace Webcluster.Protocol.Tests.Smtp;

/// <summary>Address and parameter cases of other servers.</summary>
public sealed class AddressCasesTests
{
    [SharedDataFact]
    public void Parse_CasesOfOtherServers_AreAcceptedOrRefusedAlike()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("smtp/address_cases.json")));
        var cases = file.RootElement.GetProperty("cases").EnumerateArray().ToList();
        cases.Count.ShouldBe(46);
        foreach (var entry in cases)
        {
            var line = entry.GetProperty("line").GetString()!;
            var command = CommandParser.Parse(Encoding.UTF8.GetBytes(line));
            if (entry.GetProperty("accept").GetBoolean()) CheckAccepted(command, entry, line);
            else command.ShouldBeOfType<SmtpCommand.Malformed>(line);
        }
    }

    private static void CheckAccepted(SmtpCommand command, JsonElement entry, string line)
    {
        var parameters = entry.GetProperty("params").EnumerateObject()
            .ToDictionary(property => property.Name, property => property.Value.GetString()!);
        if (parameters.ContainsKey("CUSTOM"))
        {
            // The one difference: a parameter that is not offered is 555 here, as rfc5321#4.1.1.11 has it.
            command.ShouldBe(new SmtpCommand.Malformed(SmtpVerb.Mail, CommandProblem.UnknownParameter), line);
            return;
        }

        var (mailbox, read) = command switch
        {
            SmtpCommand.Mail mail => (mail.ReversePath, Read(mail.Parameters)),
            SmtpCommand.Recipient recipient => (recipient.ForwardPath, Read(recipient.Parameters)),
            _ => throw new ShouldAssertException($"{line}: {command}"),
        };
        (mailbox?.ToString() ?? "").ShouldBe(entry.GetProperty("address").GetString(), line);
        read.ShouldBe(parameters, ignoreOrder: true, line);
    }

    private static Dictionary<string, string> Read(MailParameters parameters)
    {
        var read = new Dictionary<string, string>();
        if (parameters.Size is { } size) read["SIZE"] = $"{size}";
        if (parameters.Return != DsnReturn.NotGiven) read["RET"] = parameters.Return == DsnReturn.Full ? "FULL" : "HDRS";
        if (parameters.EnvelopeId is { } id) read["ENVID"] = id;
        return read;
    }

    private static Dictionary<string, string> Read(RcptParameters parameters)
    {
        var read = new Dictionary<string, string>();
        if (parameters.Notify != DsnNotify.NotGiven) read["NOTIFY"] = parameters.Notify.ToString().ToUpperInvariant();
        if (parameters.OriginalRecipient is { } original) read["ORCPT"] = original;
        return read;
    }
}
