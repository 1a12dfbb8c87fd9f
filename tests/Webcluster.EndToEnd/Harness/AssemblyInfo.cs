using System.Runtime.Versioning;
using Xunit;

[assembly: SupportedOSPlatform("linux")]
// Real processes on two cores: one at a time, so that a slow neighbour is never the reason of a failure.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
