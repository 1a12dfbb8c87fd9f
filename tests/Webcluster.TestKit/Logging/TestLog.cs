using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace Webcluster.TestKit.Logging;

/// <summary>Keeps what is logged. Warnings and errors that a test did not expect fail it, at <see cref="ShouldBeQuiet"/>.</summary>
public sealed class TestLog : ILoggerFactory
{
    private readonly ConcurrentQueue<TestLogEntry> _entries = new();

    public IReadOnlyCollection<TestLogEntry> Entries => _entries;

    /// <summary>What is of less weight is neither written nor kept.</summary>
    public LogLevel Least { get; set; } = LogLevel.Trace;

    public void ShouldBeQuiet(params int[] expectedIds) =>
        _entries
            .Where(entry => entry.Level >= LogLevel.Warning && !expectedIds.Contains(entry.Id))
            .Select(entry => entry.ToString())
            .ShouldBeEmpty();

    public ILogger CreateLogger(string categoryName) => new Writer(this);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose() { }

    private sealed class Writer(TestLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= log.Least;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) log._entries.Enqueue(new TestLogEntry(logLevel, eventId.Id, formatter(state, exception), exception));
        }
    }
}

public sealed record TestLogEntry(LogLevel Level, int Id, string Text, Exception? Error);
