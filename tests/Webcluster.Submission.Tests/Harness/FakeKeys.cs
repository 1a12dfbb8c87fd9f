using Webcluster.Protocol.Dkim;

namespace Webcluster.Submission.Tests.Harness;

internal sealed class FakeKeys : IDkimKeySource
{
    public DkimKeyRing Current { get; set; } = new([]);
}
