namespace Webcluster.Protocol.ReturnPaths;

/// <summary>The header field that carries a message's token where complaints keep it and hide the return path. It is signed with the
/// message.</summary>
public static class ReferenceHeader
{
    public const string Name = "X-Webcluster-Ref";
}
