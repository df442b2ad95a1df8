using P2PCam;

namespace ConsoleViewer.Output;

/// <summary>States in words for people.</summary>
internal static class StateWords
{
    public static string Describe(ViewerState state) => state switch
    {
        ViewerState.Live => "live",
        ViewerState.Connecting => "connecting",
        ViewerState.Reconnecting => "reconnecting",
        ViewerState.CameraOffline => "waiting for the camera",
        _ => "not connected",
    };

    public static string Describe(CameraState state) => state switch
    {
        CameraState.Live => "live",
        CameraState.Slate => "showing a slate",
        _ => "offline",
    };
}
