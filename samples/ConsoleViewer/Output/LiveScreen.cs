using System.Threading.Channels;
using P2PCam;

namespace ConsoleViewer.Output;

/// <summary>Shows how the viewer is doing: in a terminal a table that is redrawn in place below the lines that stay; elsewhere a line per second.</summary>
internal sealed class LiveScreen : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly IViewer _viewer;
    private readonly StatsTable _table = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;
    private int _drawn;
    private bool _isDisposed;

    public LiveScreen(IViewer viewer)
    {
        _viewer = viewer;
        viewer.StateChanged += (_, e) => ShowState(e);
        viewer.CameraStateChanged += (_, e) => Say(e.State == CameraState.Live ? Paint.Good("!") : Paint.Bad("!"), $"the camera is {StateWords.Describe(e.State)}{(e.Description is null ? "" : $"  ({e.Description})")}");
    }

    public void Start() => _running = RunAsync(_ending.Token);

    /// <summary>Shows the last figures and gives the cursor back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        Write(Paint.IsTerminal ? "\e[?25l" : "");
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                Draw();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            Draw();
        }

        Write(Paint.IsTerminal ? "\e[?25h" : "");
    }

    private void Draw()
    {
        if (!Paint.IsTerminal)
        {
            DrainLines();
            if (_viewer.State is not (ViewerState.Disconnected or ViewerState.Closed))
            {
                Console.WriteLine(StatsTable.Line(_viewer));
            }

            return;
        }

        if (_drawn > 0)
        {
            Write($"\e[{_drawn}A\e[J");
        }

        DrainLines();
        var isOver = _viewer.State is ViewerState.Disconnected or ViewerState.Closed;
        var rows = isOver && _viewer.GetStatistics().FramesReceived == 0 ? [] : _table.Rows(_viewer, Math.Max(40, Console.WindowWidth - 1));
        foreach (var row in rows)
        {
            Console.WriteLine(row);
        }

        _drawn = rows.Count;
    }

    private void DrainLines()
    {
        while (_lines.Reader.TryRead(out var line))
        {
            Console.WriteLine(line);
        }
    }

    private void ShowState(ViewerStateChangedEventArgs e)
    {
        // The end is said elsewhere, with its reason.
        if (e.Current is not (ViewerState.Disconnected or ViewerState.Closed))
        {
            Say(e.Current == ViewerState.Live ? Paint.Good("!") : Paint.Soft("!"), $"{StateWords.Describe(e.Current)}{(e.Reason is null ? "" : $"  ({e.Reason})")}");
        }
    }

    private void Say(string mark, string text) => _lines.Writer.TryWrite($"{mark} {Paint.Soft(DateTime.Now.ToString("HH:mm:ss"))} {text}");

    private static void Write(string text) => Console.Out.Write(text);
}
