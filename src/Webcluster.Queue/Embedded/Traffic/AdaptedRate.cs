namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>
/// A rate that a provider's replies lowered. What it was before was too much, but not by far: so it is soon back at nine tenths of that,
/// stays about there, and then asks for more, slowly at first.
/// </summary>
/// <param name="To">Messages a second.</param>
/// <param name="Before">Messages a second, until then.</param>
internal readonly record struct AdaptedRate(double To, double Before, double Since)
{
    private const double Plateau = 0.9;
    private const double MinutesToPlateau = 4;
    private const double Forgotten = 10;

    /// <returns>Null: it is forgotten.</returns>
    public double? At(double now)
    {
        var minutes = Math.Floor((now - Since) / Adaptation.Minute);
        if (minutes < MinutesToPlateau)
            return Math.Max(To, To + minutes / MinutesToPlateau * (Plateau * Before - To));
        var beyond = minutes - MinutesToPlateau;
        var share = Plateau + beyond / 100 + beyond * beyond * beyond / 5_000;
        return share < Forgotten ? Math.Max(To, share * Before) : null;
    }
}
