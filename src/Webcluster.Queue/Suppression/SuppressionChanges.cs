namespace Webcluster.Queue.Suppression;

/// <summary>What adding entries came to.</summary>
/// <param name="Kept">Nothing changed: the same was there, or something that lasts longer.</param>
public readonly record struct SuppressionChanges(int Added, int Changed, int Kept)
{
    public static SuppressionChanges operator +(SuppressionChanges one, SuppressionChanges other) =>
        new(one.Added + other.Added, one.Changed + other.Changed, one.Kept + other.Kept);
}
