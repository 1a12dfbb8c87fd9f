using System.Net.Security;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Tls;

namespace Webcluster.Node.Simulator;

/// <summary>
/// One connection to the simulator (RFC 5321): greeting, EHLO, STARTTLS, then transactions of MAIL, RCPT and DATA. At each stage the
/// behaviour that the local part asks for has its turn before the ordinary answer. A handler returns false to end the connection.
/// </summary>
internal sealed class SimulatorSession(
    SmtpConnection connection, SimulatorFaultOptions fault, SimulatorMailbox mailbox, ICertificateSource certificates, TimeProvider time)
{
    // rfc5321#4.5.3.1.4 gives 512 octets; addresses in UTF-8 and parameters take more.
    private const int MostCommand = 2048;
    private const int MostRecipients = 1000;
    private static readonly TimeSpan CommandTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(30);

    private readonly List<(string Address, Behaviour Behaviour)> _recipients = [];
    private string? _sender;
    private int _taken;

    public required string Client { get; init; }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            if (!await GreetAsync(stopping)) return;
            while (true)
            {
                // Reading content may have used up the interrupt that came with the stop.
                var status = stopping.IsCancellationRequested
                    ? ReadStatus.Interrupted
                    : await connection.ReadLineAsync(MostCommand, CommandTime);
                if (status != ReadStatus.Ready)
                {
                    SayGoodbye(status);
                    return;
                }
                if (!await ObeyAsync(CommandParser.Parse(connection.Line), stopping)) return;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            SayGoodbye(ReadStatus.Interrupted);
        }
    }

    private async ValueTask<bool> GreetAsync(CancellationToken stopping)
    {
        if (fault.Fault == ConnectionFault.Drop) return false;
        if (fault.Fault == ConnectionFault.SlowBanner) await Task.Delay(fault.Delay, time, stopping);
        if (fault.Fault == ConnectionFault.Busy) return Answer("421 4.7.0 busy, try again later", goOn: false);
        if (fault.Fault == ConnectionFault.Refused) return Answer("554 5.7.1 no mail from you", goOn: false);
        return Answer("220 simulator.test ESMTP Webcluster simulator");
    }

    private void SayGoodbye(ReadStatus status)
    {
        if (status == ReadStatus.TooLong) Answer("500 5.5.2 line too long");
        else if (status == ReadStatus.TimedOut) Answer("421 4.4.2 timed out");
        else if (status == ReadStatus.Interrupted) Answer("421 4.3.2 shutting down");
    }

    private ValueTask<bool> ObeyAsync(SmtpCommand command, CancellationToken stopping) => command switch
    {
        SmtpCommand.Hello hello => HelloAsync(hello.Verb, stopping),
        SmtpCommand.Mail mail => MailAsync(mail, stopping),
        SmtpCommand.Recipient recipient => RecipientAsync(recipient.ForwardPath, stopping),
        SmtpCommand.Simple { Verb: SmtpVerb.StartTls } => StartTlsAsync(),
        SmtpCommand.Simple { Verb: SmtpVerb.Data } => DataAsync(stopping),
        SmtpCommand.Simple { Verb: SmtpVerb.Quit } => new(Answer("221 2.0.0 bye", goOn: false)),
        SmtpCommand.Simple { Verb: SmtpVerb.Rset } => new(Reset() && Answer("250 2.0.0 ok")),
        SmtpCommand.Simple { Verb: SmtpVerb.Noop } => new(Answer("250 2.0.0 ok")),
        SmtpCommand.Simple { Verb: SmtpVerb.Vrfy } => new(Answer("252 2.0.0 send it and see")),
        SmtpCommand.Simple { Verb: SmtpVerb.Unknown } => new(Answer("500 5.5.1 command not recognized")),
        SmtpCommand.Malformed => new(Answer("501 5.5.2 syntax error")),
        _ => new(Answer("502 5.5.1 command not implemented")),
    };

    private async ValueTask<bool> HelloAsync(SmtpVerb verb, CancellationToken stopping)
    {
        Reset();
        if (fault.Fault == ConnectionFault.SlowHello) await Task.Delay(fault.Delay, time, stopping);
        if (verb == SmtpVerb.Helo) return Answer("250 simulator.test");
        connection.Write("250-simulator.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n");
        if (OffersTls) connection.Write("250-STARTTLS\r\n");
        return Answer($"250 SIZE {SimulatedContent.MostOctets}");
    }

    private bool OffersTls => connection.Tls is null && certificates.Current is not null && fault.Fault != ConnectionFault.TlsAbsent;

    private async ValueTask<bool> StartTlsAsync()
    {
        if (!OffersTls) return Answer("502 5.5.1 command not implemented");
        // rfc3207#4: what came in the clear behind the command could have been put there by anyone.
        if (!connection.Buffered.IsEmpty) return Answer("554 5.5.0 input behind STARTTLS", goOn: false);
        Answer("220 2.0.0 ready");
        if (fault.Fault == ConnectionFault.TlsBroken)
        {
            await connection.FillAsync(HandshakeTime);
            return Answer("this is no TLS", goOn: false);
        }
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = certificates.Current };
        Reset();
        return await connection.UpgradeToTlsAsync(options, HandshakeTime);
    }

    private async ValueTask<bool> MailAsync(SmtpCommand.Mail mail, CancellationToken stopping)
    {
        if (_sender is not null) return Answer("503 5.5.1 sender already given");
        if (mail.Parameters.Size > SimulatedContent.MostOctets) return Answer("552 5.3.4 message too large");
        var behaviour = BehaviourTable.Of(mail.ReversePath?.LocalPart ?? "");
        if (await ShowAsync(behaviour, SimulatedStage.Mail, stopping) is { } goOn) return goOn;
        _sender = mail.ReversePath?.ToString() ?? "<>";
        return Answer("250 2.1.0 ok");
    }

    private async ValueTask<bool> RecipientAsync(Mailbox recipient, CancellationToken stopping)
    {
        if (_sender is null) return Answer("503 5.5.1 MAIL first");
        if (_recipients.Count == MostRecipients) return Answer("452 4.5.3 too many recipients");
        var behaviour = BehaviourTable.Of(recipient.LocalPart);
        if (await ShowAsync(behaviour, SimulatedStage.Rcpt, stopping) is { } goOn) return goOn;
        var address = recipient.ToString();
        if (behaviour is Behaviour.Greylist && mailbox.Greylist(_sender, address)) return Answer("451 4.7.1 greylisted, try again");
        if (behaviour is Behaviour.Exhaust exhaust && _taken >= exhaust.Messages)
            return Answer("421 4.7.0 too much mail on this connection", goOn: false);
        _recipients.Add((address, behaviour));
        return Answer("250 2.1.5 ok");
    }

    private async ValueTask<bool> DataAsync(CancellationToken stopping)
    {
        if (_sender is null) return Answer("503 5.5.1 MAIL first");
        if (_recipients.Count == 0) return Answer("554 5.5.1 no valid recipients");
        foreach (var (_, behaviour) in _recipients)
        {
            if (behaviour is Behaviour.Drop { Stage: SimulatedStage.Data }) return await DropInContentAsync();
            if (await ShowAsync(behaviour, SimulatedStage.Data, stopping) is { } goOn) return Reset() && goOn;
        }
        Answer("354 go on");
        var content = new SimulatedContent();
        if (await content.ReadAsync(connection, CommandTime) is var status and not ReadStatus.Ready)
        {
            SayGoodbye(status);
            return false;
        }
        return await FinishAsync(content, stopping);
    }

    private async ValueTask<bool> FinishAsync(SimulatedContent content, CancellationToken stopping)
    {
        var (sender, recipients) = (_sender!, _recipients.ToList());
        Reset();
        if (content.Problem is { } problem) return Answer(problem);
        foreach (var (_, behaviour) in recipients)
            if (behaviour is not Behaviour.Drop && await ShowAsync(behaviour, SimulatedStage.Dot, stopping) is { } goOn)
                return goOn;
        var addresses = recipients.ConvertAll(recipient => recipient.Address);
        var kept = mailbox.Add(new SimulatedMessage(
            0, time.GetUtcNow(), Client, connection.Tls?.Protocol, sender, addresses, content.Octets));
        _taken++;
        return recipients.TrueForAll(recipient => recipient.Behaviour is not Behaviour.Drop) && Answer($"250 2.0.0 taken as {kept.Id}");
    }

    private async ValueTask<bool> DropInContentAsync()
    {
        Answer("354 go on");
        if (connection.Buffered.IsEmpty) await connection.FillAsync(CommandTime);
        return false;
    }

    /// <summary>Does what a behaviour asks for at this stage; null where the ordinary answer is still to come.</summary>
    private async ValueTask<bool?> ShowAsync(Behaviour behaviour, SimulatedStage stage, CancellationToken stopping)
    {
        if (behaviour.Stage != stage) return null;
        switch (behaviour)
        {
            case Behaviour.Answer answer:
                return Answer(answer.Reply.ToString(), goOn: answer.Reply.Code != 421);
            case Behaviour.Drop:
                return false;
            case Behaviour.Delay delay:
                await connection.FlushAsync();
                await Task.Delay(delay.By, time, stopping);
                return null;
            default:
                return null;
        }
    }

    private bool Answer(string line, bool goOn = true)
    {
        connection.Write(line + "\r\n");
        return goOn;
    }

    private bool Reset()
    {
        _sender = null;
        _recipients.Clear();
        return true;
    }
}
