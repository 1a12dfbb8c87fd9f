using Xunit;

namespace Webcluster.EndToEnd.Harness;

/// <summary>Tests that load the machine, break it or measure what it has: no other runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
