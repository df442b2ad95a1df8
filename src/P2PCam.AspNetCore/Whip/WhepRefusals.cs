using Microsoft.AspNetCore.Http;

namespace P2PCam.AspNetCore.Whip;

/// <summary>What signaling says to a viewer, as HTTP.</summary>
internal static class WhepRefusals
{
    private const int SoonSeconds = 2;
    private const int LaterSeconds = 10;

    public static Problem NoCamera { get; } = new(StatusCodes.Status409Conflict, "P2P3309", "There is no camera to watch under this name at the moment.") { RetryAfterSeconds = SoonSeconds };

    public static Problem NoAnswer { get; } = new(StatusCodes.Status503ServiceUnavailable, "P2P3310", "The camera did not answer in time.") { RetryAfterSeconds = SoonSeconds };

    public static Problem Over { get; } = new(StatusCodes.Status404NotFound, "P2P3305", "The session has ended at the camera, so that its ICE could not be restarted; begin anew by a POST.");

    /// <summary>Before the welcome: who it is, and whether there is a place.</summary>
    public static Problem AtTheDoor(ErrorMessage error) => error.Code switch
    {
        // No token or PIN, or none that is good (RFC 6750 section 3.1).
        "P2P3101" or "P2P3102" or "P2P3104" or "P2P3105" or "P2P3106" => Of(error, StatusCodes.Status401Unauthorized),
        "P2P3103" => Of(error, StatusCodes.Status429TooManyRequests) with { RetryAfterSeconds = LaterSeconds },
        "P2P3110" or "P2P3113" or SignalingErrors.GoingAwayCode => Of(error, StatusCodes.Status503ServiceUnavailable) with { RetryAfterSeconds = LaterSeconds },
        _ => Of(error, StatusCodes.Status403Forbidden),
    };

    /// <summary>After it.</summary>
    public static Problem ByTheBroadcaster(ErrorMessage error) => error.Code switch
    {
        "P2P2103" or "P2P2110" => Of(error, StatusCodes.Status503ServiceUnavailable) with { RetryAfterSeconds = LaterSeconds },
        "P2P3010" => Of(error, StatusCodes.Status429TooManyRequests) with { RetryAfterSeconds = SoonSeconds },
        _ => Of(error, StatusCodes.Status422UnprocessableEntity),
    };

    private static Problem Of(ErrorMessage error, int status) => new(status, error.Code, error.Message);
}
