using System.Text;
using LanCamera;
using LanCamera.Arguments;
using LanCamera.Output;
using P2PCam;
using P2PCam.AspNetCore;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
LanCameraOptions? options = null;
try
{
    options = ArgumentParser.Parse(args);
    if (options.Help)
    {
        Console.WriteLine(HelpText.All);
        return 0;
    }

    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
    builder.Logging.BeQuiet(options.Verbose);
    builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
    builder.UseP2PCamLanHttps(options.Port, options.Apply);
    builder.Services.AddP2PBroadcaster(options.Stream, options.Apply).UseSource(options);

    if (options.Share is not null)
    {
        builder.Services.AddP2PCamTokens();
    }

    await using var app = builder.Build();
    app.MapP2PCam(configure: options.Apply);

    var broadcaster = app.Services.GetRequiredKeyedService<IBroadcaster>(options.Stream);
    Happenings.Follow(broadcaster);
    await app.StartAsync();
    Banner.Print(options, broadcaster, app.Services.GetRequiredService<LanHttpsInfo>(), app.Services.GetService<P2PCamTokens>());
    await app.WaitForShutdownAsync();
    Console.WriteLine("Goodbye.");
    return 0;
}
catch (Exception e) when (Failure.Explain(e, options) is { } words)
{
    return Failure.Report(words);
}
