using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace P2PCam.AspNetCore.Tests.LanHttps;

/// <summary>One number for page and video: the video's port was 3000 whatever the page's was.</summary>
public sealed class MediaPortTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Video_FollowsThePagesPort_InAnyOrder(bool pageFirst)
    {
        var builder = WebApplication.CreateBuilder();
        if (pageFirst)
        {
            builder.UseP2PCamLanHttps(port: 3001);
        }

        builder.Services.AddP2PBroadcaster();
        builder.Services.AddP2PBroadcaster("yard", o => o.MediaPort = 4000);
        if (!pageFirst)
        {
            builder.UseP2PCamLanHttps(port: 3001);
        }

        await using var app = builder.Build();
        Assert.Equal((3001, 4000), (PortOf(app.Services, "default"), PortOf(app.Services, "yard")));
    }

    [Fact]
    public async Task PortOfTheCallback_Counts()
    {
        var builder = WebApplication.CreateBuilder();
        builder.UseP2PCamLanHttps(configure: https => https.Port = 3007);
        builder.Services.AddP2PBroadcaster();
        await using var app = builder.Build();
        Assert.Equal(3007, PortOf(app.Services, "default"));
    }

    [Fact]
    public void WithoutAPage_ItIs3000()
    {
        var services = new ServiceCollection();
        services.AddP2PBroadcaster();
        using var provider = services.BuildServiceProvider();
        Assert.Equal(3000, PortOf(provider, "default"));
    }

    private static int PortOf(IServiceProvider services, string name) => services.GetRequiredService<IOptionsMonitor<BroadcasterOptions>>().Get(name).MediaPort;
}
