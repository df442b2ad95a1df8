namespace Samples;

/// <summary>Logs: warnings of this product, everything with <c>--verbose</c>. What fails at start is said in one line instead of a stack trace.</summary>
internal static class QuietLogging
{
    public static void BeQuiet(this ILoggingBuilder logging, bool verbose)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        if (verbose)
        {
            logging.SetMinimumLevel(LogLevel.Debug);
            return;
        }

        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Microsoft", LogLevel.None);
    }
}
