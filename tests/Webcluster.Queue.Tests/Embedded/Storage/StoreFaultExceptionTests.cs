using Shouldly;
using SQLitePCL;
using Webcluster.Queue.Embedded.Storage;
using Xunit;

namespace Webcluster.Queue.Tests.Embedded.Storage;

public sealed class StoreFaultExceptionTests
{
    [Theory]
    [InlineData(raw.SQLITE_FULL, StoreFaultKind.Full, EnqueueResult.Full)]
    [InlineData(raw.SQLITE_IOERR, StoreFaultKind.InputOutput, EnqueueResult.Unavailable)]
    [InlineData(raw.SQLITE_IOERR_FSYNC, StoreFaultKind.InputOutput, EnqueueResult.Unavailable)]
    [InlineData(raw.SQLITE_READONLY, StoreFaultKind.ReadOnly, EnqueueResult.Unavailable)]
    [InlineData(raw.SQLITE_READONLY_DBMOVED, StoreFaultKind.ReadOnly, EnqueueResult.Unavailable)]
    [InlineData(raw.SQLITE_BUSY_SNAPSHOT, StoreFaultKind.Busy, EnqueueResult.Unavailable)]
    [InlineData(raw.SQLITE_LOCKED, StoreFaultKind.Busy, EnqueueResult.Unavailable)]
    [InlineData(raw.SQLITE_CORRUPT, StoreFaultKind.Corrupt, EnqueueResult.Unavailable)]
    [InlineData(raw.SQLITE_NOTADB, StoreFaultKind.Corrupt, EnqueueResult.Unavailable)]
    [InlineData(raw.SQLITE_NOMEM, StoreFaultKind.Other, EnqueueResult.Unavailable)]
    [InlineData(raw.SQLITE_CANTOPEN, StoreFaultKind.Other, EnqueueResult.Unavailable)]
    public void Fault_Code_MeansAResult(int code, object kind, EnqueueResult result)
    {
        var fault = new StoreFaultException(code, "refused");

        fault.Kind.ShouldBe((StoreFaultKind)kind);
        fault.Result.ShouldBe(result);
    }
}
