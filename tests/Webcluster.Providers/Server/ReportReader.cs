namespace Webcluster.Providers.Server;

/// <summary>Picks the failed recipients out of the lines of a delivery status notification (RFC 3464); finds none in other mail.</summary>
internal sealed class ReportReader
{
    private const string Recipient = "Final-Recipient:", Action = "Action:";

    private readonly List<string> _failed = [];
    private string? _current;

    public IReadOnlyList<string> Failed => _failed;

    public void Hear(string line)
    {
        if (line.StartsWith(Recipient, StringComparison.OrdinalIgnoreCase)) _current = line[(line.IndexOf(';') + 1)..].Trim();
        if (_current is null || !line.StartsWith(Action, StringComparison.OrdinalIgnoreCase)) return;
        if (line.AsSpan(Action.Length).Trim().Equals("failed", StringComparison.OrdinalIgnoreCase)) _failed.Add(_current);
        _current = null;
    }
}
