using System.Text.Json;
using System.Text.Json.Serialization;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>What instances tell each other about one participant's link.</summary>
/// <param name="From">The sending instance.</param>
/// <param name="Link">128 random bits.</param>
/// <param name="Number">Counts the frames of one direction from 0: a backplane may lose some, and then the link counts as broken.</param>
/// <param name="Kind">What it is.</param>
internal sealed record BackplaneFrame(string From, string Link, long Number, BackplaneFrameKind Kind)
{
    /// <summary>Of <see cref="BackplaneFrameKind.Open"/>: who is at the door.</summary>
    public SignalingGuest? Guest { get; init; }

    /// <summary>Of <see cref="BackplaneFrameKind.Message"/>: UTF-8 JSON, which need not be sound.</summary>
    public byte[]? Message { get; init; }

    /// <summary>Of <see cref="BackplaneFrameKind.Close"/>: the error that ends it, if one does.</summary>
    public string? Code { get; init; }
}

internal enum BackplaneFrameKind
{
    Open,
    Message,
    Close,
    Broken,
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackplaneFrame))]
internal sealed partial class BackplaneJsonContext : JsonSerializerContext;
