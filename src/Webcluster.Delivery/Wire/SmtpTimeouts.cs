namespace Webcluster.Delivery.Wire;

/// <summary>
/// How long to wait for a remote server in each state. Defaults are the minimums of RFC 5321 §4.5.3.2 where it names one.
/// </summary>
public sealed class SmtpTimeouts
{
    /// <summary>TCP connection to one host. Default 30s (Postfix's smtp_connect_timeout).</summary>
    public TimeSpan Connect { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The greeting. Default 5m.</summary>
    public TimeSpan Banner { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>EHLO, HELO, STARTTLS, AUTH. Default 5m (Postfix's smtp_helo_timeout).</summary>
    public TimeSpan Hello { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The TLS handshake. Default 1m.</summary>
    public TimeSpan Handshake { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>MAIL. Default 5m.</summary>
    public TimeSpan Mail { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>RCPT. Default 5m.</summary>
    public TimeSpan Rcpt { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>DATA, until 354. Default 2m.</summary>
    public TimeSpan Data { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Each block of content that is written. Default 3m.</summary>
    public TimeSpan Block { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>The reply to the final dot. Default 10m; less makes duplicates (RFC 1047).</summary>
    public TimeSpan FinalDot { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>RSET. Default 20s.</summary>
    public TimeSpan Reset { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>QUIT. Default 2s: the mail is settled, only courtesy is left.</summary>
    public TimeSpan Quit { get; set; } = TimeSpan.FromSeconds(2);

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        (string Key, TimeSpan Value)[] all =
        [
            ("connect", Connect), ("banner", Banner), ("hello", Hello), ("handshake", Handshake), ("mail", Mail), ("rcpt", Rcpt),
            ("data", Data), ("block", Block), ("final_dot", FinalDot), ("reset", Reset), ("quit", Quit),
        ];
        foreach (var (key, value) in all)
            if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
                yield return (key, "must be more than 0s and at most 1h");
    }
}
