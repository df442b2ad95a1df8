using P2PCam;

namespace LanCamera;

/// <summary>Whether this machine has a camera that needs no browser.</summary>
internal static class CameraHere
{
    public static async Task<bool> IsFoundAsync()
    {
        try
        {
            return (await Camera.ListAsync()).Count > 0;
        }
        catch (VideoSourceException)
        {
            // FFmpeg, which would know, is missing; so nothing could read the camera either.
            return false;
        }
    }
}
