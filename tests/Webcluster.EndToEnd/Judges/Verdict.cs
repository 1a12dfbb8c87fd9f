namespace Webcluster.EndToEnd.Judges;

/// <summary>What a verifier says of one mail.</summary>
/// <param name="Verified">Every signature that this verifier can judge is good, and none that must be there is missing.</param>
internal sealed record Verdict(string Judge, string Mail, bool Verified, string Said);
