namespace P2PCam.Snippets.Tests;

/// <summary>
/// What fragments may use without declaring it: things that a page has introduced in words or in an earlier block. A fragment that uses any other name
/// does not compile. Whole programs declare their own, which then hide these.
/// </summary>
internal static class Placeholders
{
    public const string Source = """
        #pragma warning disable CS0649
        internal static class Placeholders
        {
            public static WebApplicationBuilder builder = null!;
            public static WebApplication app = null!;
            public static IServiceCollection services = null!;
            public static IBroadcaster camera = null!;
            public static IViewer viewer = null!;
            public static FileStream file = null!;
            public static InMemorySignaling signaling = null!;
            public static byte[] pixels = null!;
            public static System.Diagnostics.Stopwatch clock = null!;
            public static string password = null!;
            public static System.Net.Sockets.TcpClient client = null!;
            public static CancellationToken cancellationToken;
            public static void Show(ReadOnlySpan<byte> pixels, int width, int height) { }
        }

        internal static class MyTestHost
        {
            public static Task<P2PCam.SignalingConformance.ISignalingTestHost> StartAsync(P2PCam.SignalingConformance.SignalingTestSettings settings) => throw new NotImplementedException();
        }
        """;

    /// <summary>The implicit usings of the web SDK, and this library's namespace.</summary>
    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        global using P2PCam;
        """;
}
