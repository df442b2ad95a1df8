namespace P2PCam.AspNetCore.Tests.Proxies;

/// <summary>A proxy that runs as docs/reverse-proxy.md says.</summary>
internal interface IDocumentedProxy : IAsyncDisposable
{
    /// <summary>As the browser's address bar has it; it leads to this machine by <see cref="Client"/> only.</summary>
    Uri Address { get; }

    HttpClient Client { get; }
}
