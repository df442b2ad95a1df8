namespace LanCamera.Arguments;

internal static class HelpText
{
    public const string All = """
        Shows this machine's camera on every device of the local network that opens its address.

        Usage: LanCamera [options]

        Picture
          --source WHAT       auto (default): the first camera, else a browser as the camera
                              test | camera | camera:DEVICE | file:PATH
                              rtsp://... | http://... | srt://... | udp://... and what else FFmpeg opens
          --browser-camera    a browser is the camera: of this machine, or of a phone, with nothing installed
          --open              opens the page for the camera, or the one to watch, in this machine's browser
          --size WxH          1280x720 (default); a browser's camera is set on its page
          --fps N             frames per second, 30 (default), at most
          --bitrate N         bits per second, 2M (default); 800k, 2.5M, ...
          --encoder WHAT      vp8 (default, our own) | h264 (FFmpeg, by the graphics card where it can)
          --pass-through      the H.264 or VP8 of a file or address as it is, not encoded anew

        Network
          --port N            TCP for the page and UDP for the video, 3000 (default)
          --http              plain HTTP, without encryption of the page and signaling
          --stream NAME       the stream's name, default (default)
          --max-viewers N     how many may watch at once, 50 (default)
          --allow-host NAME   a host name besides this machine's own; repeatable
          --allow-origin URL  pages of this origin, such as https://intranet.example.org, may show the camera; repeatable
          --behind-proxy [ADDRESS]   takes a reverse proxy's word for who asks and how: one on this machine, or at that address
                              or in that network; repeatable
          --all-interfaces    list addresses of virtual machines and tunnels too
          --loopback          viewers on this machine may use localhost for the video

        Who may watch (everybody on the network, unless one of these is given; this machine always may)
          --pin [PIN]         viewers type in this PIN of 4 to 64 digits; a random one if none is given
          --share TIME        prints a link that works for so long, 30m, 12h, 7d, ..., and asks for no PIN

        Certificate
          --data-dir DIR      where the local certificate authority is kept
          --cert FILE         your own certificate: .pfx, or .pem with its key
          --cert-key FILE     the key of a .pem certificate, if it is in another file
          --cert-password-file FILE   what the .pfx or key is encrypted with
          --reset-ca          make a new certificate authority

        Console
          --no-qr             no QR code
          --verbose           log what happens
          --help              this text

        Ctrl+C ends it.
        """;
}
