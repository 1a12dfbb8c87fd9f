namespace Webcluster.TestKit.Peers;

/// <summary>Bounds what a test waits for: a failure then, instead of a run that hangs.</summary>
public static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task Soon(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit);

    /// <summary>Waits for something that has no event of its own.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        for (var since = Environment.TickCount64; !condition(); await Task.Delay(5))
            if (Environment.TickCount64 - since > Limit.TotalMilliseconds)
                throw new TimeoutException($"did not come about: {what}");
    }
}
