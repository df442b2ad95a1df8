// Publishes or watches by plain HTTP requests (WHIP, WHEP), or is a WHIP server itself, with werift.
//
// usage: werift_whip.js publish URL RTP-PORT     what comes to this UDP port is published
//        werift_whip.js watch URL
//        werift_whip.js serve TOKEN              writes "listening PORT"; asks for the token, and redirects /whip to /rooms/1
// Writes "frame N WIDTH HEIGHT" for each key frame and "packet N" for each hundredth packet that it receives. Ends at SIGINT, by
// DELETE where it is a client, and writes "deleted STATUS".
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters } from 'werift';

const interrupted = new Promise((done) => process.once('SIGINT', done));
const say = (...words) => process.stdout.write(words.join(' ') + '\n');
const VP8 = () => new RTCRtpCodecParameters({
  mimeType: 'video/VP8',
  clockRate: 90000,
  payloadType: 96,
  rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'goog-remb' }],
});

function connect() {
  const connection = new RTCPeerConnection({ codecs: { audio: [], video: [VP8()] }, bundlePolicy: 'max-bundle', iceServers: [] });
  connection.connectionStateChange.subscribe((state) => say('connection', state));
  return connection;
}

// RFC 7741 section 4.2, then RFC 6386 section 9.1.
function keyFrameSize(payload) {
  let at = 1;
  if (!(payload[0] & 0x10)) return null;
  if (payload[0] & 0x80) {
    const flags = payload[at++];
    if (flags & 0x80) at += payload[at] & 0x80 ? 2 : 1;
    if (flags & 0x40) at++;
    if (flags & 0x30) at++;
  }
  if (payload[at] & 1 || payload[at + 3] !== 0x9d) return null;
  return [payload.readUInt16LE(at + 6) & 0x3fff, payload.readUInt16LE(at + 8) & 0x3fff];
}

function count(connection) {
  let packets = 0;
  let frames = 0;
  connection.onTrack.subscribe((track) => {
    track.onReceiveRtp.subscribe((rtp) => {
      if (++packets % 100 === 0) say('packet', packets);
      const size = keyFrameSize(rtp.payload);
      if (size) say('frame', ++frames, ...size);
    });
    const receiver = connection.getTransceivers()[0].receiver;
    setInterval(() => track.ssrc && receiver.sendRtcpPLI(track.ssrc), 1000).unref();
  });
}

async function gather(connection) {
  if (connection.iceGatheringState !== 'complete') {
    await connection.iceGatheringStateChange.watch((state) => state === 'complete', 10000).catch(() => {});
  }
  return connection.localDescription.sdp;
}

async function ask(url, connection) {
  await connection.setLocalDescription(await connection.createOffer());
  const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body: await gather(connection) });
  say('posted', response.status, response.headers.get('content-type'), response.headers.get('etag'));
  await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  await interrupted;
  const ended = await fetch(new URL(response.headers.get('location'), url), { method: 'DELETE' });
  say('deleted', ended.status);
  process.exit(0);
}

async function serve(token) {
  const sessions = new Map();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => { body += data; });
    request.on('end', async () => {
      say('request', request.method, request.url);
      const reply = (status, headers = {}, text = '') => response.writeHead(status, headers).end(text);
      if (request.headers.authorization !== `Bearer ${token}`) return reply(401, { 'WWW-Authenticate': 'Bearer' });
      if (request.url === '/whip') return reply(307, { Location: '/rooms/1' });
      if (request.method === 'DELETE') {
        await sessions.get(request.url)?.close();
        return reply(sessions.delete(request.url) ? 200 : 404);
      }
      if (request.method !== 'POST' || request.headers['content-type'] !== 'application/sdp') return reply(415);
      const connection = connect();
      count(connection);
      connection.addTransceiver('video', { direction: 'recvonly' });
      await connection.setRemoteDescription({ type: 'offer', sdp: body });
      await connection.setLocalDescription(await connection.createAnswer());
      const address = `/sessions/${sessions.size + 1}`;
      sessions.set(address, connection);
      reply(201, { 'Content-Type': 'application/sdp', Location: address, ETag: '"1"' }, await gather(connection));
    });
  });
  server.listen(0, '127.0.0.1', () => say('listening', server.address().port));
  await interrupted;
  process.exit(0);
}

const [mode, target, port] = process.argv.slice(2);
if (mode === 'serve') {
  await serve(target);
} else {
  const connection = connect();
  if (mode === 'publish') {
    const track = new MediaStreamTrack({ kind: 'video' });
    createSocket('udp4').on('message', (data) => track.writeRtp(data)).bind(Number(port), '127.0.0.1');
    connection.addTransceiver(track, { direction: 'sendonly' });
  } else {
    count(connection);
    connection.addTransceiver('video', { direction: 'recvonly' });
  }
  await ask(target, connection);
}
