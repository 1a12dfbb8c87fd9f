using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace Webcluster.TestKit.Logging;

/// <summary>Keeps what is logged. Warnings and errors that a test did not expect fail it, at <see cref="ShouldBeQuiet"/>.</summary>
public sealed class TestLog : ILoggerFactory
{
    private readonly ConcurrentQueue<TestLogEntry> _entries = new();

    public IReadOnlyCollection<TestLogEntry> Entries => _entries;

    public void ShouldBeQuiet(params int[] expectedIds) =>
        _entries
            .Where(entry => entry.Level >= LogLevel.Warning && !expectedIds.Contains(entry.Id))
            .Select(entry => entry.ToString())
            .ShouldBeEmpty();

    public ILogger CreateLogger(string categoryName) => new Writer(_entries);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose() { }

    private sealed class Writer(ConcurrentQueue<TestLogEntry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new TestLogEntry(logLevel, eventId.Id, formatter(state, exception), exception));
    }
}

public sealed record TestLogEntry(LogLevel Level, int Id, string Text, Exception? Error);
