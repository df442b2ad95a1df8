using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace P2PCam.Broadcasting;

/// <summary>Raises events in order on the thread pool, so that a slow or failing handler never holds up media.</summary>
internal sealed partial class EventDispatcher(ILogger logger)
{
    private readonly Channel<Action> _queue = Channel.CreateBounded<Action>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Post(Action raise) => _queue.Writer.TryWrite(raise);

    public void Complete() => _queue.Writer.TryComplete();

    public async Task RunAsync()
    {
        await foreach (var raise in _queue.Reader.ReadAllAsync())
        {
            try
            {
                raise();
            }
            catch (Exception e)
            {
                LogHandlerFailed(e);
            }
        }
    }

    [LoggerMessage(EventId = 1301, Level = LogLevel.Error, Message = "An event handler failed.")]
    private partial void LogHandlerFailed(Exception exception);
}
