using System.Net;
using System.Text;

namespace P2PCam.FanOut;

/// <summary>The harness's three requests: POST /whep, GET /stats, GET /start.</summary>
internal sealed class HttpFront : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Viewers _viewers;
    private readonly FrameSource _frames;

    public HttpFront(int port, Viewers viewers, FrameSource frames)
    {
        (_viewers, _frames) = (viewers, frames);
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
    }

    public async Task RunAsync()
    {
        _listener.Start();
        while (true)
        {
            await HandleAsync(await _listener.GetContextAsync());
        }
    }

    public void Dispose() => _listener.Close();

    private async Task HandleAsync(HttpListenerContext context)
    {
        var (status, text) = context.Request.Url?.AbsolutePath switch
        {
            "/whep" when context.Request.HttpMethod == "POST" => await AnswerAsync(context.Request),
            "/stats" => (HttpStatusCode.OK, $$"""{"packets":{{_viewers.PacketsSent}},"alloc":{{GC.GetTotalAllocatedBytes(precise: true)}}}"""),
            "/start" => Start(),
            _ => (HttpStatusCode.NotFound, ""),
        };
        try
        {
            context.Response.StatusCode = (int)status;
            context.Response.Close(Encoding.UTF8.GetBytes(text), willBlock: true);
        }
        catch (HttpListenerException)
        {
            // Whoever asked has left.
        }
    }

    private async Task<(HttpStatusCode Status, string Text)> AnswerAsync(HttpListenerRequest request)
    {
        using var reader = new StreamReader(request.InputStream);
        return _viewers.TryAnswer(await reader.ReadToEndAsync(), out var answer, out var error)
            ? (HttpStatusCode.Created, answer)
            : (HttpStatusCode.BadRequest, error);
    }

    private (HttpStatusCode Status, string Text) Start()
    {
        _frames.Start();
        return (HttpStatusCode.OK, "");
    }
}
