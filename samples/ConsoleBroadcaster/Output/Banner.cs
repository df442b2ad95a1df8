using P2PCam;

namespace ConsoleBroadcaster.Output;

/// <summary>What the program says once viewers can come.</summary>
internal static class Banner
{
    public static void Print(BroadcastOptions options, ServerAddress server, IBroadcaster broadcaster)
    {
        var page = server.PageOf(options.Stream).ToString();
        Console.WriteLine($"{Paint.Bold("Watch")}    {Paint.Link(page)}   {Paint.Good("<- open this")}");
        Console.WriteLine($"         {Paint.Soft($"or: dotnet run --project samples/ConsoleViewer -- --server {server.Endpoint} --stream {options.Stream}{(options.PinSha256 is null ? "" : " --pin-sha256 ...")}")}");
        Console.WriteLine($"{Paint.Bold("Camera")}   {SourceWords.Describe(broadcaster.Source, options)}");
        Console.WriteLine($"{Paint.Bold("Server")}   {server.Endpoint}   {Paint.Soft(server.Kind.ToString())}");
        Console.WriteLine($"{Paint.Bold("Stream")}   {options.Stream}   {Paint.Soft($"P2PCam {SourceWords.Version}")}");
        if (!options.NoQrCode)
        {
            QrCode.Print("Watch", page);
        }

        Console.WriteLine();
        Console.WriteLine(Paint.Soft("Viewers are listed as they come and go. Ctrl+C ends."));
    }
}
