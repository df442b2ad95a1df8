namespace CodecComparison;

/// <summary>One clip: what is in it, and how FFmpeg makes it, always the same.</summary>
/// <param name="Name">For the command line and file names.</param>
/// <param name="Title">For people.</param>
/// <param name="Input">FFmpeg's arguments for what it is made of; {vectors}, {cases}, {opencv}, {text} stand for places.</param>
/// <param name="Filter">FFmpeg's filter.</param>
internal sealed record ComparisonClip(string Name, string Title, string[] Input, string Filter)
{
    public const int Width = 1280;
    public const int Height = 720;
    public const int FrameRate = 30;

    private const string Scale = "flags=bicubic+accurate_rnd+bitexact";
    private const string Font = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf";
    private const string Serif = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf";

    public static readonly IReadOnlyList<ComparisonClip> All =
    [
        new(
            "park-joy",
            "park_joy: people run past trees, real footage; ten pictures, forward and back",
            ["-i", "{vectors}/clips/park_joy_420_720p50_frm0to9_480x270.y4m"],
            $"scale={Width}:{Height}:{Scale},split[a][b];[b]reverse,trim=start_frame=1:end_frame=9,setpts=PTS-STARTPTS[r];[a][r]concat=n=2,loop=loop=-1:size=18"),
        new(
            "vtest",
            "vtest: a campus road from above, real footage; its 10 pictures a second shown as 30",
            ["-i", "{opencv}/vtest.avi"],
            $"scale={Width}:960:{Scale},crop={Width}:{Height}"),
        new(
            "motion",
            "motion: a painting that is panned fast and not evenly, with noise, under a test pattern that moves against it",
            ["-loop", "1", "-i", "{opencv}/starry_night.jpg", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30"],
            $"[0:v]scale=2000:1400:{Scale},setpts=N/30/TB,crop={Width}:{Height}:x='360+340*sin(n/16)':y='340+300*sin(n/21)',noise=alls=3:allf=t:all_seed=1[back];"
            + "[back][1:v]overlay=x='480+440*cos(n/17)':y='240+220*sin(n/12)':shortest=1"),
        new(
            "desk",
            "desk: a photograph of things on a table that stands still, with a camera's noise",
            ["-loop", "1", "-i", "{opencv}/stuff.jpg"],
            $"scale={Width}:{Height}:{Scale}:force_original_aspect_ratio=increase,crop={Width}:{Height},setpts=N/30/TB,noise=alls=4:allf=t:all_seed=1"),
        new(
            "text",
            "text: a page of text that stands, jumps by lines, scrolls, and has a cursor that blinks",
            ["-f", "lavfi", "-i", $"color=c=white:size={Width}x{Height}:rate=30"],
            $"drawtext=fontfile={Font}:textfile={{text}}:fontsize=18:fontcolor=0x202020:line_spacing=4:x=60"
            + ":y='70-66*floor(n/45)-if(between(mod(n\\,150)\\,100\\,130)\\,(mod(n\\,150)-100)*6\\,0)',"
            + $"drawbox=x=0:y=0:w={Width}:h=48:color=0x30507a:t=fill,drawtext=fontfile={Font}:text='notes.txt - editor':fontsize=20:fontcolor=white:x=20:y=14,"
            + "drawbox=x=620:y=400:w=3:h=24:color=black:t=fill:enable='lt(mod(n\\,30)\\,15)'"),
        new(
            "pages",
            "pages: a page of text that stands, and is all another one every two seconds",
            ["-f", "lavfi", "-i", $"color=c=white:size={Width}x{Height}:rate=30"],
            $"drawtext=fontfile={Font}:textfile={{text}}:fontsize=18:fontcolor=0x202020:line_spacing=4:x=60:y='70-1000*floor(n/60)'"),
        new(
            "cars",
            "cars: a fixed camera, clean, over a road; real footage",
            ["-i", "{cases}/files/car-detection.mp4"],
            $"scale={Width}:{Height}:{Scale}"),
        new(
            "scroll",
            "scroll: a page of text that scrolls by two rows in each picture",
            ["-f", "lavfi", "-i", $"color=c=white:size={Width}x{Height}:rate=30"],
            $"drawtext=fontfile={Font}:textfile={{text}}:fontsize=18:line_spacing=4:x=40:y='20-2*n'"),
        new(
            "scroll-serif",
            "scroll-serif: another typeface on ivory, by five rows in each picture",
            ["-f", "lavfi", "-i", $"color=c=0xf8f8f0:size={Width}x{Height}:rate=30"],
            $"drawtext=fontfile={Serif}:textfile={{text}}:fontsize=22:line_spacing=10:x=80:y='20-5*n'"),
        new(
            "tree",
            "tree: a tree in the wind, a camera held by hand; real footage of 320x240",
            ["-stream_loop", "-1", "-i", "{opencv}/tree.avi"],
            $"scale={Width}:960:{Scale},crop={Width}:{Height}"),
        new(
            "film",
            "film: an animated film, cuts and faces",
            ["-stream_loop", "-1", "-i", "{opencv}/Megamind.avi"],
            $"scale={Width}:-2:{Scale},crop={Width}:{Height}"),
        new(
            "dusk",
            "dusk: the road with little light, and the noise that a camera adds then",
            ["-i", "{cases}/files/car-detection.mp4"],
            $"scale={Width}:{Height}:{Scale},eq=brightness=-0.25:contrast=0.6,noise=alls=8:allf=t:all_seed=1"),
    ];
}
