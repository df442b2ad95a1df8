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
    if (options.Proxies is not null)
    {
        builder.UseP2PCamForwardedHeaders(options.Apply);
    }

    options.WhyBrowser = options.Source.Kind == SourceKind.Auto && !options.BrowserCamera ? await CameraHere.WhyNotAsync() : null;
    options.BrowserCamera |= options.WhyBrowser is not null;
    var camera = builder.Services.AddP2PBroadcaster(options.Stream, options.Apply);
    if (options.BrowserCamera)
    {
        camera.UseBrowserCamera();
        builder.Services.AddP2PCamTokens(options.Apply);
    }
    else
    {
        camera.UseSource(options);
    }

    if (options.Share is not null)
    {
        builder.Services.AddP2PCamTokens();
    }

    await using var app = builder.Build();
    app.MapP2PCam(configure: options.Apply);

    var broadcaster = app.Services.GetRequiredKeyedService<IBroadcaster>(options.Stream);
    Happenings.Follow(broadcaster);
    await app.StartAsync();
    var https = app.Services.GetRequiredService<LanHttpsInfo>();
    Banner.Print(options, broadcaster, https, await https.GetUrlsAsync(options.AllInterfaces, options.Loopback), app.Services.GetService<P2PCamTokens>());
    using var news = new AddressNews(options, https);
    if (options.Open)
    {
        DefaultBrowser.Open(options.PageHere(https.Port));
    }

    await app.WaitForShutdownAsync();
    Console.WriteLine("Goodbye.");
    return 0;
}
catch (Exception e) when (Failure.Explain(e, options) is { } words)
{
    return Failure.Report(words);
}
