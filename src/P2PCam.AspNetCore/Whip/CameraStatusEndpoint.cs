using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using P2PCam.AspNetCore.Proxies;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Whip;

/// <summary>What the publisher's page shows beside its preview, for whoever may publish.</summary>
internal sealed class CameraStatusEndpoint(BrowserCameras cameras, PublisherGate gate, CrossOrigin crossOrigin)
{
    private const string Methods = "GET, OPTIONS";

    public Task AnswerOptionsAsync(HttpContext context) => crossOrigin.AnswerOptions(context, Methods, null, null);

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!crossOrigin.TryAllow(context))
        {
            await Problem.Foreign(context.Request).WriteAsync(context);
            return;
        }

        var (stream, admitted, problem) = await gate.AskAsync(context);
        if (admitted is null)
        {
            await problem!.WriteAsync(context);
        }
        else if (cameras.FindBroadcaster(stream!) is not var (broadcaster, options))
        {
            await new Problem(StatusCodes.Status404NotFound, "P2P3315", $"There is no stream '{stream}' here.").WriteAsync(context);
        }
        else
        {
            await WriteAsync(context, broadcaster, options, cameras.Find(stream!));
        }
    }

    private static async Task WriteAsync(HttpContext context, IBroadcaster broadcaster, BroadcasterOptions options, BrowserCameraSource? source)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("state", StateOf(broadcaster.State, options));
        json.WriteNumber("viewers", broadcaster.Viewers.Count(viewer => viewer.State is ViewerConnectionState.Connected or ViewerConnectionState.Disconnected));
        json.WriteBoolean("mayPublish", source is not null);
        WritePublisher(json, source?.Publisher, source?.BetterCodec);
        WriteKnown(json, "refusal", source?.Refusal);
        json.WriteStartArray("watch");
        var root = RootOf(context);
        foreach (var host in HostsOf(context))
        {
            json.WriteStringValue($"{host}{root}{(options.Stream == "default" ? "" : $"/s/{options.Stream}")}");
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static string StateOf(BroadcasterState state, BroadcasterOptions options) => state switch
    {
        BroadcasterState.Live => "live",
        BroadcasterState.SourceUnavailable when options.Slate => "slate",
        _ => "offline",
    };

    private static void WritePublisher(Utf8JsonWriter json, BrowserCameraInfo? info, VideoCodec? better)
    {
        if (info is null)
        {
            json.WriteNull("publisher");
            return;
        }

        json.WriteStartObject("publisher");
        json.WriteString("since", info.Since);
        json.WriteString("codec", NameOf(info.Codec));
        WriteKnown(json, "profile", info.Profile);
        json.WriteString("betterCodec", NameOf(better));
        json.WriteNumber("width", info.Width);
        json.WriteNumber("height", info.Height);
        json.WriteNumber("fps", Math.Round(info.FrameRate, 1));
        json.WriteNumber("bitrate", (long)info.Bitrate);
        json.WriteEndObject();
    }

    private static void WriteKnown(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static string? NameOf(VideoCodec? codec) => codec switch
    {
        VideoCodec.Vp8 => "VP8",
        VideoCodec.H264 => "H264",
        VideoCodec.Vp9 => "VP9",
        VideoCodec.Av1 => "AV1",
        _ => null,
    };

    private static string RootOf(HttpContext context) =>
        PageBase.Absolute(context.Request, context.GetRouteValue("stream") is string stream ? $"camera/{stream}/status" : "camera/status");

    private static IEnumerable<string> HostsOf(HttpContext context) => context.RequestServices.GetService<LanHttpsInfo>() is { } lan
        ? lan.GetUrls().Select(url => url.Url)
        : [$"{context.Request.Scheme}://{context.Request.Host.Value}"];
}
