namespace Webcluster.Submission.Tests.Abuse;

/// <summary>Says which cases of smtp/abuse_cases.json a test drives by hand.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AbuseAttribute(params string[] ids) : Attribute
{
    public IReadOnlyList<string> Ids { get; } = ids;
}
