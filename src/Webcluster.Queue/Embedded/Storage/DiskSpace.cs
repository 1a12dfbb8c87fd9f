using Microsoft.Extensions.Logging;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>
/// Keeps a floor of free space for outcomes: mail is refused before the disk is full. Measured once a second; in between, what is stored is
/// taken from what was measured, so that even a fast disk cannot be filled within the second.
/// </summary>
/// <param name="floor">Octets that must stay free.</param>
/// <param name="free">Octets free on the disk.</param>
internal sealed class DiskSpace(long floor, Func<long> free, ReadStorePool readers, ILogger logger)
{
    /// <summary>Records, keys and the unused rest of pages.</summary>
    private const int OctetsBesideContent = 2048;

    private long _room = long.MaxValue;
    private bool _isLow;

    public bool IsExhausted => Volatile.Read(ref _room) <= 0;

    /// <param name="replacesMail">It may have half of the floor.</param>
    public bool TryTake(int contentOctets, bool replacesMail = false)
    {
        var octets = (long)contentOctets + OctetsBesideContent;
        if (Interlocked.Add(ref _room, -octets) >= (replacesMail ? -floor / 2 : 0))
            return true;
        Interlocked.Add(ref _room, octets);
        return false;
    }

    /// <summary>Looks again. The file never shrinks, so what is unused inside it counts as free.</summary>
    public async ValueTask MeasureAsync()
    {
        var found = free();
        try
        {
            found += await readers.ReadAsync(static store => store.ReusableOctets(), CancellationToken.None);
        }
        catch (StoreFaultException)
        {
            // Then only the disk counts.
        }
        Volatile.Write(ref _room, found - floor);
        if (_isLow == found <= floor)
            return;
        _isLow = !_isLow;
        if (_isLow)
            logger.SpaceLow(found, floor);
        else
            logger.SpaceBack(found);
    }
}
