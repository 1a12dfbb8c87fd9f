namespace Webcluster.Submission.Policy;

/// <summary>A secret that signs tokens, the same on all nodes. The first of a list signs; all are believed.</summary>
public sealed class TokenKeyOptions
{
    /// <summary>The number that tokens name it by, 0 to 255; never used again for another secret.</summary>
    public int Id { get; set; }

    /// <summary>File with the secret: at least 32 characters, as `openssl rand -hex 32` makes them.</summary>
    public string File { get; set; } = "";
}
