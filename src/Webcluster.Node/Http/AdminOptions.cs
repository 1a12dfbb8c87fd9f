namespace Webcluster.Node.Http;

/// <summary>
/// Who may change the node while it runs: whoever has the token, at http.listen under /admin/, as "Authorization: Bearer TOKEN".
/// </summary>
public sealed class AdminOptions
{
    /// <summary>
    /// The file with the token, one line of at least 32 characters; made at the start where there is none. The command line reads it too.
    /// Default "admin-token" in node.state_folder.
    /// </summary>
    public string TokenFile { get; set; } = "";
}
