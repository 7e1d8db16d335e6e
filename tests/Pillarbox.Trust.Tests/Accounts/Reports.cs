using System.Collections.Concurrent;

namespace Pillarbox.Trust.Tests.Accounts;

/// <summary>What a source told of itself.</summary>
internal sealed class Reports
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Add(string line) => _lines.Enqueue(line);
}
