using System.Text;
using BrowserCall;
using BrowserCall.Output;
using P2PCam;
using P2PCam.AspNetCore;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
CallOptions? options = null;
try
{
    options = CommandLine.Parse(args);
    if (options.Help)
    {
        Console.WriteLine(CommandLine.Help);
        return 0;
    }

    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
    builder.Logging.BeQuiet(options.Verbose);
    // Cameras and microphones open on HTTPS pages only.
    builder.UseP2PCamLanHttps(options.Port, https =>
    {
        https.DataDirectory = options.DataDirectory;
        options.AllowedHosts.ForEach(https.HostNames.Add);
    });
    builder.Services.AddSingleton<InMemorySignaling>();

    await using var app = builder.Build();
    app.MapCallPage();
    app.MapP2PCam("/p2pcam", endpoints =>
    {
        endpoints.AllowCallers = true;
        options.AllowedHosts.ForEach(endpoints.AllowedHosts.Add);
    });

    await app.StartAsync();
    var https = app.Services.GetRequiredService<LanHttpsInfo>();
    Banner.Print(options, https, await https.GetUrlsAsync(includeLoopback: true));
    await app.WaitForShutdownAsync();
    Console.WriteLine("Goodbye.");
    return 0;
}
catch (Exception e) when (Failure.Explain(e, options) is { } words)
{
    Console.Error.WriteLine($"BrowserCall: {words}");
    return 2;
}
