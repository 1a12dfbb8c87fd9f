namespace Webcluster.Node.Http;

/// <summary>
/// The HTTP listener for operators: health, metrics, queue, the simulator's mail. Only /admin/ asks who is there (`admin`).
/// </summary>
public sealed class HttpOptions
{
    /// <summary>Address and port. Default 127.0.0.1:8025; on another than a loopback address whoever reaches it can read it.</summary>
    public string Listen { get; set; } = "127.0.0.1:8025";

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (!Endpoints.TryParse(Listen, out _)) yield return ("listen", Endpoints.Expected(Listen));
    }
}
