using System.Text.Json;
using System.Text.Json.Serialization;

namespace P2PCam.SignalR;

/// <summary>What the hub's calls are made of.</summary>
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
internal sealed partial class HubJsonContext : JsonSerializerContext;
