// A meeting place for cameras and viewers that cannot reach each other first: it carries offers and answers, never pictures.

using P2PCam;
using Rendezvous;
using StackExchange.Redis;

if (args.Any(argument => argument is "-h" or "--help" or "-?"))
{
    Console.WriteLine(Words.Help);
    return 0;
}

try
{
    args = Settings.WithValues(args);
    if (args.FirstOrDefault() == TokenCommand.Name)
    {
        TokenCommand.Run(new ConfigurationBuilder().AddEnvironmentVariables("P2PCAM_").AddCommandLine(args[1..]).Build());
        return 0;
    }

    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.Configuration.AddEnvironmentVariables("P2PCAM_").AddCommandLine(args);
    var settings = Settings.Read(builder.Configuration);
    builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
    builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
    builder.Services.AddSingleton<InMemorySignaling>();
    if (settings.Proxies.Length > 0)
    {
        builder.UseP2PCamForwardedHeaders(settings.Apply);
    }

    if (settings.Redis is not null)
    {
        builder.Services.AddRedis(settings.Redis);
    }

    if (settings.TokenKey is not null)
    {
        var key = TokenKeyFile.ReadOrCreate(settings.TokenKey);
        builder.Services.AddP2PCamTokens(options => options.Keys.Add(key));
    }

    // Pages come and go besides the connections that stay.
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxConcurrentConnections = settings.MaxConnections + 1000);
    if (settings.Https)
    {
        builder.UseP2PCamLanHttps(settings.Port);
    }
    else
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseP2PCamLimits();
            kestrel.ListenAnyIP(settings.Port);
        });
    }

    await using var app = builder.Build();
    app.MapP2PCam(configure: settings.Apply);
    await app.StartAsync();
    Words.Print(settings, app);
    await app.WaitForShutdownAsync();
    Console.WriteLine("Goodbye.");
    return 0;
}
catch (Exception e) when (e is P2PException or ArgumentException or IOException or RedisConnectionException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
