using System.Diagnostics;

namespace Webcluster.Delivery.Wire;

/// <summary>Where in a connection something happened.</summary>
public enum Stage { Resolve, Policy, Connect, Banner, Hello, StartTls, Handshake, Auth, Mail, Rcpt, Data, Content, FinalDot, Reset, Quit }

/// <summary>The words for each stage, as they stand in logs and DSNs; Postfix's, because operators grep them.</summary>
internal static class StageText
{
    public static string Of(Stage stage) => stage switch
    {
        Stage.Resolve => "looking up the host",
        Stage.Policy => "checking the TLS policy",
        Stage.Connect => "connecting",
        Stage.Banner => "receiving the initial server greeting",
        Stage.Hello => "performing the EHLO handshake",
        Stage.StartTls => "sending STARTTLS",
        Stage.Handshake => "performing the TLS handshake",
        Stage.Auth => "authenticating",
        Stage.Mail => "sending MAIL FROM",
        Stage.Rcpt => "sending RCPT TO",
        Stage.Data => "sending DATA command",
        Stage.Content => "sending message body",
        Stage.FinalDot => "sending end of data",
        Stage.Reset => "sending RSET",
        Stage.Quit => "sending QUIT",
        _ => throw new UnreachableException(),
    };
}
