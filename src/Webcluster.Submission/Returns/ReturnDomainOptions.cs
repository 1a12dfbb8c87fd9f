namespace Webcluster.Submission.Returns;

/// <summary>The domain of a tenant's return paths.</summary>
public sealed class ReturnDomainOptions
{
    /// <summary>The tenant, as its credentials name it.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>The domain.</summary>
    public string Domain { get; set; } = "";
}
