namespace Webcluster.Queue.Embedded.Storage;

/// <summary>The folder that was taken and the one writing connection to its database.</summary>
internal sealed record QueueFiles(DataFolder Folder, WriteStore Store) : IDisposable
{
    public static QueueFiles Open(EmbeddedQueueOptions options)
    {
        var folder = DataFolder.Take(options.Folder);
        try
        {
            folder.PrepareDatabase();
            return new QueueFiles(folder, new WriteStore(folder.Database, options.MaxPages));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Store.Dispose();
        Folder.Dispose();
    }
}
