using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace P2PCam;

/// <summary>The JSON form of <see cref="SignalingMessage"/>: an object whose <c>type</c> names the message; unknown fields are ignored.</summary>
public static class SignalingJson
{
    /// <summary>Writes a message as UTF-8 JSON.</summary>
    public static byte[] Serialize(SignalingMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, SignalingJsonContext.Default.SignalingMessage);

    /// <summary>Reads a message; on failure <paramref name="error"/> says in a sentence what was wrong.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Json, [NotNullWhen(true)] out SignalingMessage? message, [NotNullWhen(false)] out string? error)
    {
        (message, error) = (null, null);
        if (utf8Json.Length > SignalingLimits.MaxMessageBytes)
        {
            error = $"A message may have {SignalingLimits.MaxMessageBytes} bytes; this one has {utf8Json.Length}.";
            return false;
        }

        try
        {
            message = JsonSerializer.Deserialize(utf8Json, SignalingJsonContext.Default.SignalingMessage);
        }
        catch (JsonException e)
        {
            error = $"Not a signaling message: {e.Message}";
            return false;
        }
        catch (NotSupportedException)
        {
            error = "Not a signaling message: the field 'type' is missing.";
            return false;
        }

        error = message is null ? "Not a signaling message: null." : null;
        return message is not null;
    }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 8)]
[JsonSerializable(typeof(SignalingMessage))]
internal sealed partial class SignalingJsonContext : JsonSerializerContext;
