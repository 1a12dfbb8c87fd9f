using System.Globalization;
using Webcluster.Providers.Senders;
using Webcluster.Providers.Server;

namespace Webcluster.Providers.Proofs;

/// <summary>What all runs do: give mail to a sender and wait for what becomes of it.</summary>
internal sealed class Runner(TextWriter output)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public void Say(FormattableString text) =>
        output.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {text.ToString(CultureInfo.InvariantCulture)}");

    /// <returns>The recipients whose mail the sender has taken for sure.</returns>
    public async Task<IReadOnlyList<string>> SubmitAsync(
        ISender sender, int mails, Func<int, string> recipientOf, CancellationToken cancellation)
    {
        var load = new SmtpSourceLoad(sender.Submission, mails) { Numbered = true, Sender = $"sender@{ProviderWorld.ReportsDomain}" };
        await load.RunAsync(recipientOf, cancellation);
        if (load.Uncertain.Count > 0) Say($"{load.Uncertain.Count} batches were not taken whole, and are not counted");
        return [.. load.Accepted.SelectMany(SmtpSourceLoad.NumberedRecipients)];
    }

    /// <returns>False where it did not become so in time.</returns>
    public static async Task<bool> UntilAsync(Func<bool> isSo, TimeSpan atMost, CancellationToken cancellation)
    {
        for (var end = DateTime.UtcNow + atMost; !isSo(); await Task.Delay(Look, cancellation))
            if (DateTime.UtcNow > end)
                return false;
        return true;
    }
}
