namespace Webcluster.Queue.Suppression;

/// <summary>What an entry is found by.</summary>
/// <param name="Tenant">Whose mail the address gets none of; <see cref="Everybody"/>: nobody's.</param>
public readonly record struct SuppressionKey(string Tenant, SuppressedAddress Address)
{
    /// <summary>In the place of a tenant: the entry is global. No tenant is called so.</summary>
    public const string Everybody = "";
}
