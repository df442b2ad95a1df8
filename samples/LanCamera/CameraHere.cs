using P2PCam;

namespace LanCamera;

/// <summary>Whether this machine has a camera that needs no browser.</summary>
internal static class CameraHere
{
    /// <summary>Why there is none, in words for the console; null if there is one.</summary>
    public static async Task<string?> WhyNotAsync()
    {
        try
        {
            return await Camera.FindFirstAsync() is null ? "no camera was found here when the program started" : null;
        }
        catch (VideoSourceException e)
        {
            // FFmpeg, which reads cameras, is missing: a browser has the driver, too.
            return $"FFmpeg is missing: {e.Message}";
        }
    }
}
