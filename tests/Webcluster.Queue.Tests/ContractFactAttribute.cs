using Webcluster.TestKit.Redis;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Webcluster.Queue.Tests;

/// <summary>
/// A test of a contract, that one class for each implementation inherits: skipped, visibly, in a <see cref="OnRedisAttribute"/> class where
/// there is no Redis.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Webcluster.Queue.Tests." + nameof(ContractFactDiscoverer), "Webcluster.Queue.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

/// <inheritdoc cref="ContractFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Webcluster.Queue.Tests." + nameof(ContractTheoryDiscoverer), "Webcluster.Queue.Tests")]
public sealed class ContractTheoryAttribute : TheoryAttribute;

/// <summary>The tests that this class inherits need redis-server.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnRedisAttribute : Attribute;

public sealed class ContractFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        SkippedCase.Of(method, options, DiagnosticMessageSink) is { } skipped ? [skipped] : base.Discover(options, method, fact);
}

public sealed class ContractTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo theory) =>
        SkippedCase.Of(method, options, DiagnosticMessageSink) is { } skipped ? [skipped] : base.Discover(options, method, theory);
}

internal static class SkippedCase
{
    /// <returns>Null where the test can run.</returns>
    public static IXunitTestCase? Of(ITestMethod method, ITestFrameworkDiscoveryOptions options, IMessageSink messages) =>
        new RedisFactAttribute().Skip is { } reason && method.TestClass.Class.GetCustomAttributes(typeof(OnRedisAttribute)).Any()
            ? new XunitSkippedDataRowTestCase(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, reason)
            : null;
}
