using P2PCam;
var builder = WebApplication.CreateBuilder();
builder.UseP2PCamLanHttps(port: 3000, o => o.DataDirectory = "/tmp/asp-data");
builder.Services.AddSingleton<InMemorySignaling>();
var app = builder.Build();
app.MapP2PCam();
app.Run();
