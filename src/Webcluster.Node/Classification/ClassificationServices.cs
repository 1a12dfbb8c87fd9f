using Webcluster.Protocol.Classification;

namespace Webcluster.Node.Classification;

internal static class ClassificationServices
{
    /// <summary>The one classifier of the node, for delivery and for reports that come back.</summary>
    public static void AddClassification(this IServiceCollection services, ClassificationOptions options)
    {
        services.AddSingleton<UnsureReplies>();
        services.AddSingleton<ClassificationMetrics>();
        services.AddSingleton<IReplyClassifier>(provider => new NotedClassifier(
            Load(options), provider.GetRequiredService<UnsureReplies>(), provider.GetRequiredService<ClassificationMetrics>()));
    }

    /// <exception cref="IOException">A file is not any more what it was when the configuration was checked.</exception>
    private static ReplyClassifier Load(ClassificationOptions options)
    {
        var problems = new List<(string Key, string Problem)>();
        return ClassifierFiles.Load(options, problems) ?? throw new IOException(problems[0].Problem);
    }
}
