using System.Runtime.Versioning;
using Xunit;

[assembly: SupportedOSPlatform("linux")]
// They wait more than they work: two at a time, but for those of the collection Alone.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
