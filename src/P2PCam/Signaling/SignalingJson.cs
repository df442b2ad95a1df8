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
            error = UnknownTypeIn(utf8Json) ?? $"Not a signaling message: {e.Message}";
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

    /// <summary>Words that name the type, if the message is sound but of a type that nobody here knows.</summary>
    private static string? UnknownTypeIn(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8Json);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("type", out var type)
                && type.ValueKind == JsonValueKind.String
                && type.GetString() is { } name
                && !KnownTypes.Contains(name)
                ? $"There is no message of type '{(name.Length <= LongestTypeName ? name : name[..LongestTypeName] + "...")}'."
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private const int LongestTypeName = 64;

    private static readonly HashSet<string> KnownTypes =
        [.. typeof(SignalingMessage).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false).Select(type => (string)((JsonDerivedTypeAttribute)type).TypeDiscriminator!)];
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
