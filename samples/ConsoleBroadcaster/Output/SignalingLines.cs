using Microsoft.Extensions.Logging.Console;

namespace ConsoleBroadcaster.Output;

internal static class SignalingLogging
{
    private const string Category = "P2PCam.Broadcasting.SignalingPump";

    public static void AddSignalingLines(this ILoggingBuilder logging, bool verbose)
    {
        logging.AddProvider(new SignalingLines());
        logging.AddFilter<SignalingLines>(null, LogLevel.None);
        logging.AddFilter<SignalingLines>(Category, LogLevel.Information);
        logging.AddFilter<ConsoleLoggerProvider>(Category, verbose ? LogLevel.Debug : LogLevel.None);
    }
}

/// <summary>Says when the server is lost and when it is back, from the library's own log events. Who is watching goes on watching meanwhile.</summary>
internal sealed class SignalingLines : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Lines();

    public void Dispose()
    {
    }

    private sealed class Lines : ILogger
    {
        private const int Ended = 1401;
        private const int Broke = 1402;
        private const int Resumed = 1403;
        private bool _isLost;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Information or LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id is Ended or Broke && !_isLost)
            {
                _isLost = true;
                Happenings.Write(Paint.Bad("!"), "the server does not answer; trying again. Viewers go on watching, new ones cannot join");
            }
            else if (eventId.Id == Resumed && _isLost)
            {
                _isLost = false;
                Happenings.Write(Paint.Good("!"), "the server is back");
            }
        }
    }
}
