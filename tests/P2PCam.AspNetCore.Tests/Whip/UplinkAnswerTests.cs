using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>Answers as servers of others write them: our own server's, changed on the way by a stub in front of it.</summary>
public class UplinkAnswerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("Application/SDP", 201)]
    [InlineData("application/sdp; charset=utf-8", 201)]
    [InlineData("APPLICATION/SDP;charset=UTF-8", 201)]
    [InlineData("application/sdp", 200)]
    [InlineData(null, 201)]
    public async Task MediaType_IsReadWithoutCaseAndParameters(string? type, int status) => await AssertPublishesAsync((context, answer) =>
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, type);
        return answer;
    });

    [Theory]
    [InlineData("a=mid:0\r\n", "")]
    [InlineData("a=mid:0\r\n", "a=mid:0 \r\n")]
    [InlineData("a=rtcp-mux\r\n", "a=rtcp-mux \r\na=rtcp-mux-only\r\n")]
    [InlineData("a=setup:passive\r\n", "a=setup:PASSIVE \r\n")]
    [InlineData("a=group:BUNDLE 0\r\n", "a=group:BUNDLE 0 1\r\n")]
    [InlineData("\r\n", "\n")]
    public async Task Sdp_WrittenOtherwise_IsTaken(string replaced, string by) => await AssertPublishesAsync((_, answer) =>
    {
        Assert.Contains(replaced, answer);
        return (by.Length == 0 ? answer.Replace("a=group:BUNDLE 0\r\n", "") : answer).Replace(replaced, by);
    });

    [Theory]
    [InlineData("sessions/1", "/sessions/1")]
    [InlineData("/a/b?c=d", "/a/b")]
    [InlineData("http://127.0.0.1:{port}/absolute", "/absolute")]
    [InlineData("//127.0.0.1:{port}/without-scheme", "/without-scheme")]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("http://[bad", null)]
    [InlineData("ftp://127.0.0.1/1", null)]
    public async Task Location_IsDeleted_WhereItIsOne(string? location, string? deleted)
    {
        var deletes = await AssertPublishesAsync((context, answer) =>
        {
            context.Response.Headers.Location = location?.Replace("{port}", $"{context.Connection.LocalPort}");
            return answer;
        });
        Assert.Equal(deleted is null ? [] : [deleted], deletes);
    }

    [Fact]
    public async Task ProblemAndRetryAfter_AreReadInEachForm()
    {
        await using var server = await StubServer.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = DateTimeOffset.UtcNow.AddHours(3).ToString("r");
            context.Response.ContentType = "Application/Problem+JSON; charset=utf-8";
            await context.Response.WriteAsync("""{"detail":"full until noon"}""");
        });
        await using var camera = await StartCameraAsync();
        await using var uplink = new WhipUplink(camera, new Uri(server.Address, "whip"), new WhipUplinkOptions { FirstRetry = TimeSpan.FromMilliseconds(100) });
        var waiting = new TaskCompletionSource<P2PException>(TaskCreationOptions.RunContinuationsAsynchronously);
        var attempts = 0;
        uplink.StateChanged += (_, e) =>
        {
            attempts += e.Current == WhipUplinkState.Connecting ? 1 : 0;
            if (e.Current == WhipUplinkState.Waiting)
            {
                waiting.TrySetResult(e.Reason!);
            }
        };
        uplink.Start();
        var reason = await waiting.Task.WaitAsync(Limit);
        Assert.Contains("full until noon", reason.Message);
        var retryAfter = Assert.IsAssignableFrom<P2PException>(reason).GetType().GetProperty("RetryAfter")!.GetValue(reason);
        Assert.InRange(Assert.IsType<TimeSpan>(retryAfter), TimeSpan.FromHours(2.9), TimeSpan.FromHours(3));
        Assert.Equal(1, attempts);
    }

    /// <summary>Publishes through a stub that changes the response, stops, and returns the paths that were deleted.</summary>
    private static async Task<string[]> AssertPublishesAsync(Func<HttpContext, string, string> change)
    {
        await using var bed = await WhipBed.StartAsync();
        await using var server = await StubServer.StartAsync(async (context, requests) =>
        {
            if (context.Request.Method != "POST")
            {
                requests.Enqueue(context.Request.Path);
                return;
            }

            using var reader = new StreamReader(context.Request.Body);
            using var response = await bed.Client.PostAsync("/whip", await reader.ReadToEndAsync());
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            (context.Response.StatusCode, context.Response.ContentType) = (201, "application/sdp");
            var answer = await response.Content.ReadAsStringAsync();
            await context.Response.WriteAsync(change(context, answer));
        });
        await using var camera = await StartCameraAsync();
        await using var uplink = new WhipUplink(camera, new Uri(server.Address, "whip"));
        var states = Channel.CreateUnbounded<WhipUplinkStateChangedEventArgs>();
        uplink.StateChanged += (_, e) => states.Writer.TryWrite(e);
        uplink.Start();
        WhipUplinkStateChangedEventArgs last;
        do
        {
            last = await states.Reader.ReadAsync().AsTask().WaitAsync(Limit);
        }
        while (last.Current == WhipUplinkState.Connecting);
        Assert.True(last.Current == WhipUplinkState.Publishing, last.Reason?.Message);
        await uplink.StopAsync();
        return [.. server.Requests];
    }

    private static async Task<IBroadcaster> StartCameraAsync()
    {
        var camera = Broadcaster.Create(
            new TestPatternSource(320, 180), new InMemorySignaling().CreateTransport(), new BroadcasterOptions { MediaPort = 0, MediaAddresses = { IPAddress.Loopback } });
        await camera.StartAsync();
        return camera;
    }
}
