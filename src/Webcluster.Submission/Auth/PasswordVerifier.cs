using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Webcluster.Submission.Auth;

internal enum Verification { Right, Wrong, Overloaded }

/// <summary>
/// Compares passwords with their hashes. Only so many hashes are computed at once, only so many wait, one computation serves all who ask
/// the same at the same time, and what was found right is remembered.
/// </summary>
internal sealed class PasswordVerifier : IDisposable
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<VerifiedKey, Task<Verification>> _running = new();
    private readonly VerifiedCache _verified;
    private readonly SemaphoreSlim _slots;
    private readonly int _most;
    private int _pending;

    public PasswordVerifier(AuthOptions options, TimeProvider time)
    {
        var atOnce = options.HashesAtOnce > 0 ? options.HashesAtOnce : Math.Max(1, Environment.ProcessorCount / 2);
        _verified = new VerifiedCache(time, options.VerifiedTime, options.VerifiedMost);
        _slots = new SemaphoreSlim(atOnce);
        _most = atOnce + options.HashesWaiting;
    }

    public async ValueTask<Verification> VerifyAsync(string name, string hash, ReadOnlyMemory<byte> password)
    {
        var key = VerifiedKey.Of(_key, name, hash, password.Span);
        if (_verified.Contains(key)) return Verification.Right;
        var answer = new TaskCompletionSource<Verification>(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = _running.GetOrAdd(key, answer.Task);
        if (running != answer.Task) return await running;
        try
        {
            var verification = await ComputeAsync(hash, password);
            if (verification == Verification.Right) _verified.Add(key);
            answer.SetResult(verification);
            return verification;
        }
        finally
        {
            // Only now, so that whoever asks finds either the computation or what it remembered.
            _running.TryRemove(key, out _);
            answer.TrySetCanceled();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<Verification> ComputeAsync(string hash, ReadOnlyMemory<byte> password)
    {
        try
        {
            if (Interlocked.Increment(ref _pending) > _most) return Verification.Overloaded;
            await _slots.WaitAsync();
            try
            {
                return await Task.Run(() => PasswordHash.Verify(hash, password.Span)) ? Verification.Right : Verification.Wrong;
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }
}
