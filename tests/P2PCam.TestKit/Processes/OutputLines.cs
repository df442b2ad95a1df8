namespace P2PCam.TestKit.Processes;

/// <summary>The last lines that a program wrote, and those who wait for one.</summary>
public sealed class OutputLines(string name)
{
    private const int Kept = 2000;
    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private readonly List<Waiter> _waiters = [];
    private string? _end;

    public string Name { get; } = name;

    public string[] All
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public string Tail(int count = 60) => string.Join('\n', All.TakeLast(count).Select(line => $"  {Name}| {line}"));

    /// <summary>How many lines there were that meet the condition, among those kept.</summary>
    public int Count(Func<string, bool> condition) => All.Count(condition);

    public async Task<string> WaitForAsync(Func<string, bool> condition, TimeSpan limit)
    {
        var waiter = new Waiter(condition);
        lock (_lock)
        {
            if (_lines.FirstOrDefault(condition) is { } line)
            {
                return line;
            }

            if (_end is not null)
            {
                throw Ended();
            }

            _waiters.Add(waiter);
        }

        try
        {
            return await waiter.Found.Task.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Name} did not write the expected line within {limit.TotalSeconds:F0} s.\n{Tail()}");
        }
        finally
        {
            lock (_lock)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    internal void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }

            _waiters.Where(waiter => waiter.Condition(line)).ToList().ForEach(waiter => waiter.Found.TrySetResult(line));
        }
    }

    internal void Complete(string how)
    {
        lock (_lock)
        {
            _end = how;
            _waiters.ForEach(waiter => waiter.Found.TrySetException(Ended()));
        }
    }

    private InvalidOperationException Ended() => new($"{Name} ended ({_end}) before it wrote the expected line.\n{Tail()}");

    private sealed record Waiter(Func<string, bool> Condition)
    {
        public TaskCompletionSource<string> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
