namespace P2PCam;

/// <summary>What became of looking for a camera.</summary>
/// <param name="Camera">The camera, open and with its first picture; null if there is none to be had.</param>
/// <param name="Reason">Why there is none, in words for whoever runs the program.</param>
/// <param name="Caption">The same in a few words for the picture that is shown instead.</param>
internal readonly record struct CameraSearchResult(OpenedCamera? Camera, string Reason = "", string Caption = "");

/// <summary>A camera that has yielded its first picture.</summary>
internal sealed class OpenedCamera(IVideoSource source, IAsyncEnumerator<VideoFrame> frames) : IAsyncDisposable
{
    public IVideoSource Source => source;

    /// <summary>Stands at the first picture.</summary>
    public IAsyncEnumerator<VideoFrame> Frames => frames;

    /// <summary>Closes it, the picture it stands at being somebody else's.</summary>
    public async ValueTask DisposeAsync()
    {
        await frames.DisposeAsync();
        await source.DisposeAsync();
    }

    /// <summary>Closes it, and gives up the picture it stands at.</summary>
    public ValueTask DropAsync()
    {
        frames.Current.Dispose();
        return DisposeAsync();
    }
}

/// <summary>Looks for the first camera of this machine, and again, since it may be plugged in, set free, allowed, or FFmpeg installed, at any time.</summary>
internal sealed class CameraSearch(
    Func<CancellationToken, Task<IReadOnlyList<CameraDevice>>> listCameras, Func<CameraDevice, IVideoSource> openCamera, TimeProvider timeProvider)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private TimeSpan _wait = FirstWait;

    /// <summary>Looks once.</summary>
    public async Task<CameraSearchResult> LookAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<CameraDevice> cameras;
        try
        {
            cameras = await listCameras(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(e, "no camera");
        }

        return cameras.Count > 0 ? await OpenAsync(cameras[0], cancellationToken) : new(null, "no camera was found", Captioned("no camera"));
    }

    /// <summary>Looks again, with growing waits, until there is a camera or another reason why there is none.</summary>
    public async Task<CameraSearchResult> LookAgainAsync(string reason, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(_wait, timeProvider, cancellationToken);
            _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
            var result = await LookAsync(cancellationToken);
            if (result.Camera is not null || result.Reason != reason)
            {
                return result;
            }
        }
    }

    // A camera that cannot even be opened (no FFmpeg, device busy) is no reason to show nothing; one that fails later is reopened.
    private async Task<CameraSearchResult> OpenAsync(CameraDevice device, CancellationToken cancellationToken)
    {
        var source = openCamera(device);
        var frames = source.ReadFramesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var camera = new OpenedCamera(source, frames);
        try
        {
            if (await frames.MoveNextAsync())
            {
                return new(camera);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            await camera.DisposeAsync();
            return Failed(e, "camera failed");
        }
        catch (OperationCanceledException)
        {
            await camera.DisposeAsync();
            throw;
        }

        await camera.DisposeAsync();
        return new(null, "the camera yielded nothing", Captioned("camera failed"));
    }

    private static CameraSearchResult Failed(Exception error, string otherwise) => new(null, error.Message, Captioned((error as VideoSourceException)?.Code switch
    {
        "P2P1001" => "FFmpeg is missing",
        "P2P1005" => "camera in use",
        "P2P1006" => "camera not allowed",
        _ => otherwise,
    }));

    private static string Captioned(string what) => $"{what}: test pattern";
}
