namespace Webcluster.Delivery.Providers;

/// <summary>
/// Which policy is asked for. Null: what no configuration names, so that it makes no difference; this bounds the number of answers.
/// </summary>
internal readonly record struct ProviderQuestion(string? Provider, string? Site, string? Domain, string? Source, string? Pool);
