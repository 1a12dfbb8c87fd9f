using Xunit;

// Real processes on two cores: one at a time, so that a slow neighbour is never the reason of a failure.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
