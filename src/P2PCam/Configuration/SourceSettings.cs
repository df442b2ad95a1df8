using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using P2PCam.Sources.FFmpeg;

namespace P2PCam.Configuration;

/// <summary>What a broadcaster shows, by configuration: the same words as LanCamera's <c>--source</c>.</summary>
internal sealed class SourceSettings
{
    public static readonly SettingTable<SourceSettings> Table = new SettingTable<SourceSettings>()
        .Text(nameof(Source), (o, value) => o.Source = value?.Trim())
        .Whole(nameof(Width), (o, value) => o.Width = value)
        .Whole(nameof(Height), (o, value) => o.Height = value)
        .Number(nameof(FrameRate), (o, value) => o.FrameRate = value)
        .Flag(nameof(PassThrough), (o, value) => o.PassThrough = value)
        .Text(nameof(Encoder), (o, value) => o.Encoder = value);

    private string? Source { get; set; }

    private int? Width { get; set; }

    private int? Height { get; set; }

    private double? FrameRate { get; set; }

    private bool PassThrough { get; set; }

    private string? Encoder { get; set; }

    private bool HasPictureSettings => Width is not null || Height is not null || FrameRate is not null;

    /// <exception cref="OptionsValidationException">A value is none, or they do not go together.</exception>
    /// <exception cref="InvalidOperationException">The broadcaster has a source already.</exception>
    public static void Apply(IConfigurationSection section, IP2PBroadcasterBuilder builder)
    {
        var settings = new SourceSettings();
        var errors = Table.Apply(section, settings, passOver: true);
        if (errors.Count == 0 && settings.Use(builder) is { } error)
        {
            errors.Add($"{section.Path}:{error}");
        }

        SettingWords.ThrowIfAny(builder.Name, typeof(BroadcasterOptions), errors);
    }

    /// <summary>Null, or which key is wrong and why.</summary>
    private string? Use(IP2PBroadcasterBuilder builder)
    {
        var (kind, value) = Source?.IndexOf(':', StringComparison.Ordinal) is { } colon and > 0 ? (Source[..colon], Source[(colon + 1)..]) : (Source, null);
        kind = kind?.ToLowerInvariant();
        if (PassThrough && kind != "file" && value?.StartsWith("//", StringComparison.Ordinal) != true)
        {
            return "PassThrough needs a Source that is compressed already: file:PATH, an RTSP address or another stream.";
        }

        if (HasPictureSettings && (PassThrough || kind == "browser"))
        {
            return $"Width, Height and FrameRate are not for {(PassThrough ? "PassThrough, which shows a picture as it is" : "a browser's camera, which is set on its page")}.";
        }

        switch (Encoder?.ToLowerInvariant())
        {
            case null or "vp8":
                break;
            case "h264":
                builder.UseFFmpegEncoder();
                break;
            default:
                return $"Encoder is '{Encoder}'; it takes vp8 or h264.";
        }

        return UseSource(builder, kind, value);
    }

    private string? UseSource(IP2PBroadcasterBuilder builder, string? kind, string? value)
    {
        switch (kind, value)
        {
            case (null, _) when !HasPictureSettings:
                return null;
            case (null or "auto" or "camera", null):
                builder.UseCamera(Configure);
                return null;
            case ("camera", { Length: > 0 }):
                builder.UseCamera(value, Configure);
                return null;
            case ("test", null):
                builder.UseTestPattern(Width ?? 1280, Height ?? 720, FrameRate ?? 30);
                return null;
            case ("browser", null):
                builder.UseBrowserCamera();
                return null;
            case ("file", { Length: > 0 }):
                value = value.StartsWith("//", StringComparison.Ordinal) && Uri.TryCreate(Source, UriKind.Absolute, out var file)
                    ? file.LocalPath
                    : value;
                _ = PassThrough ? builder.UseFFmpegPassThrough(value) : builder.UseFile(value, loop: true, Configure);
                return null;
            case (not null, not null) when value.StartsWith("//", StringComparison.Ordinal)
                && MediaAddress.TryParse(Source!) is not null && MediaAddress.Obstacle(Source!) is null:
                _ = PassThrough
                    ? builder.UseEncodedVideoSource(
                        services => FFmpegEncodedSource.FromInput(Source!, timeProvider: services.GetService<TimeProvider>()))
                    : builder.UseFFmpegInput(Source!, configure: Configure);
                return null;
            case ("rtsp" or "rtsps", _):
                // It may hold a password, so it is not repeated.
                return "Source is no RTSP address; it takes rtsp://user:password@host/path, with '@', '#', '/' and ':' in a password written as %40, %23, %2F and %3A.";
            case (not null, not null) when value.StartsWith("//", StringComparison.Ordinal):
                return "Source is no address of a stream; it takes http://user:password@host/path, srt://host:port and the like.";
            default:
                return $"Source is '{Source}'; it takes auto, test, camera, camera:DEVICE, browser, file:PATH or an RTSP address.";
        }
    }

    private void Configure(FFmpegSourceOptions options) =>
        (options.Width, options.Height, options.FrameRate) = (Width ?? options.Width, Height ?? options.Height, FrameRate ?? options.FrameRate);
}
