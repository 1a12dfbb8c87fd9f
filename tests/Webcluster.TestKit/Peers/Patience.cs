using Webcluster.TestKit.Time;

namespace Webcluster.TestKit.Peers;

/// <summary>Bounds what a test waits for: a failure then, instead of a run that hangs.</summary>
public static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task Soon(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit);

    /// <summary>Waits for something that has no event of its own.</summary>
    public static Task Until(Func<bool> condition, string what) => Until(condition, () => what);

    /// <param name="what">Asked when it did not come about.</param>
    public static async Task Until(Func<bool> condition, Func<string> what)
    {
        for (var since = Environment.TickCount64; !condition(); await Task.Delay(5))
            if (Environment.TickCount64 - since > Limit.TotalMilliseconds)
                throw new TimeoutException($"did not come about: {what()}");
    }

    /// <summary>Moves a clock on in steps until the task is over: for code that sets its next timer in its own time.</summary>
    public static async Task AdvanceUntilAsync(this ManualClock clock, Task task, TimeSpan step)
    {
        for (var steps = 0; !task.IsCompleted; steps++)
        {
            if (steps == 3000) throw new TimeoutException($"not over after {steps} steps of {step}");
            clock.Advance(step);
            await Task.WhenAny(task, Task.Delay(5));
        }
    }
}
