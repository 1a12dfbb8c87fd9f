using Webcluster.Delivery.Tests.Connections;
using Webcluster.TestKit.Peers;

namespace Webcluster.Delivery.Tests.Pump;

/// <summary>Words for what servers do in the tests of the pump.</summary>
internal static class Server
{
    public const string Ok = "250 2.0.0 ok\r\n";

    public static SmtpScript Greet() => SmtpScript.Greet(Outbound.Client);

    public static SmtpScript ToContent(this SmtpScript script, string recipient) =>
        script.On("MAIL FROM:<s@from.test>\r\n", Ok).On($"RCPT TO:<{recipient}>\r\n", Ok).On("DATA\r\n", "354 go\r\n");

    /// <summary>One message, taken or not.</summary>
    public static SmtpScript Message(this SmtpScript script, string recipient, string reply = Ok) => script.ToContent(recipient)
        .OnAnyContent(reply);

    public static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
