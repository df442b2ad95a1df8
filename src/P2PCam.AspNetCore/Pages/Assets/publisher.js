// Keeps a picture on air: offers it to the host by WHIP, and does so again whenever the way there is lost.
//
// States: idle, connecting, live, reconnecting, busy (another camera is on air), refused (detail says why).

import { pause } from './backoff.js';
import { Refusal, closeSession, openSession } from './http-session.js';
import { LastSession } from './last-session.js';
import { OutboundStatistics } from './outbound.js';

const GATHER_LIMIT = 300; // the host learns addresses from checks too
const CONNECT_LIMIT = 10000; // from answer to connected
const DISCONNECT_GRACE = 2000; // ICE often recovers from a short gap by itself
const STALE_LIMIT = 8000; // until a host gives up on a page that was killed
const STALE_RETRY = 1000;
const STEADY = 5000; // live for so long: the next loss is a new story

export class Publisher extends EventTarget {
  #endpoint;
  #token;
  #last;
  #statistics = new OutboundStatistics();
  #track = null;
  #limits = { maxBitrate: 2_500_000, maxFramerate: 30 };
  #wanted = false;
  #takeOver = false;
  #patientUntil = 0;
  #attempt = 0;
  #failures = 0;
  #changedTo = new Set();
  #liveAt = 0;
  #timer = 0;
  #connection = null;
  #address = null; // of the session

  state = 'idle';
  detail = '';
  wasLive = false; // since it was started
  latest = null;

  /** @param {URL} endpoint @param {string} stream @param {() => ?string} token */
  constructor(endpoint, stream, token) {
    super();
    this.#endpoint = endpoint;
    this.#token = token;
    this.#last = new LastSession(stream);
  }

  get peerConnection() {
    return this.#connection;
  }

  get isOn() {
    return this.#wanted;
  }

  /** takeOver: in place of whatever camera is on air. patient: a host that says so of another camera may mean a page of before. */
  start(track, { takeOver = false, patient = false } = {}) {
    this.#track = track;
    this.#wanted = true;
    this.#takeOver = takeOver;
    this.#patientUntil = patient ? performance.now() + STALE_LIMIT : 0;
    this.#failures = 0;
    this.#changedTo.clear();
    this.wasLive = false;
    this.#setState('connecting', '');
    this.#try();
  }

  stop() {
    this.#end('idle', '');
  }

  /** The page is going: the host hears it at once. Whoever comes back calls start(). */
  leave() {
    if (this.#address) closeSession(this.#address, this.#token()).catch(() => {});
    this.#close();
    this.#wanted = false;
    this.state = 'idle';
  }

  /** Another picture on the same connection. */
  async replace(track) {
    this.#track = track;
    await this.#sender?.replaceTrack(track);
  }

  /** @param {{ maxBitrate: number, maxFramerate: number }} limits bits and frames per second */
  async limit(limits) {
    this.#limits = limits;
    const sender = this.#sender;
    const parameters = sender?.getParameters();
    if (!parameters?.encodings?.length) return;
    for (const encoding of parameters.encodings) Object.assign(encoding, limits);
    await sender.setParameters(parameters).catch(() => {}); // a wish, not a need
  }

  /** There is reason to believe that connecting works now. */
  hurry() {
    if (this.state === 'reconnecting' && this.#timer) this.#retryIn(0);
  }

  /** The host says that it has no such session. */
  doubt() {
    if (this.state === 'live') this.#lose('The host does not know this camera any more. Trying again.');
  }

  /** The host says that more viewers could decode another codec: it names that first when asked anew. Once for each, as long as this is on air. */
  changeCodec(name) {
    if (this.state !== 'live' || this.#changedTo.has(name)) return;
    this.#changedTo.add(name);
    this.#lose('A viewer needs video that is compressed otherwise. Connecting again.');
  }

  /** Call it about once a second. */
  async check() {
    const connection = this.#connection;
    const sample = await this.#statistics.sample(connection);
    if (connection !== this.#connection) return;
    this.latest = sample;
    if (this.state !== 'live') return;
    if (performance.now() - this.#liveAt > STEADY) this.#failures = 0;
    // That the host closed the encrypted channel, some browsers show nowhere else.
    if (['closed', 'failed'].includes(this.#sender?.transport?.state)) this.#lose('The connection was lost. Trying again.');
  }

  async getStats() {
    const { connection, timestamp, ...numbers } = await this.#statistics.now(this.#connection);
    return numbers;
  }

  get #sender() {
    return this.#connection?.getSenders()[0] ?? null;
  }

  async #try() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const attempt = ++this.#attempt;
    const isOver = () => attempt !== this.#attempt;
    try {
      await this.#last.take();
      // If not even this gets through, what is left of the old connection is still the best there is.
      if (!await this.#endBefore()) return;
      if (isOver()) return;
      const connection = this.#connect();
      const sdp = await describe(connection);
      if (isOver()) return;
      const session = await openSession(this.#takeOver ? withTakeOver(this.#endpoint) : this.#endpoint, sdp, this.#token());
      if (isOver()) {
        if (session.address) closeSession(session.address, this.#token()).catch(() => {});
        return;
      }
      this.#address = this.#last.address = session.address;
      await connection.setRemoteDescription({ type: 'answer', sdp: session.sdp });
      if (isOver() || connection.connectionState === 'connected') return;
      this.#wait(CONNECT_LIMIT, () => this.#lose('No way through for the video. If it stays so, a firewall on the host may be blocking its UDP port.'));
    } catch (error) {
      if (!isOver()) this.#onFailure(error);
    }
  }

  /** Ends the session of before; false if that one came alive again meanwhile. */
  async #endBefore() {
    const attempt = this.#attempt;
    const address = this.#address ?? this.#last.address;
    // If that was this browser's own, whoever is on air now is another camera.
    if (address && await closeSession(address, this.#token())) this.#patientUntil = 0;
    if (attempt !== this.#attempt) return false;
    this.#address = this.#last.address = null;
    return true;
  }

  #connect() {
    this.#connection?.close();
    const connection = this.#connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    connection.addTransceiver(this.#track, { direction: 'sendonly', streams: [new MediaStream([this.#track])], sendEncodings: [{ ...this.#limits }] });
    connection.onconnectionstatechange = () => connection === this.#connection && this.#onConnectionState(connection.connectionState);
    return connection;
  }

  #onConnectionState(state) {
    switch (state) {
      case 'connected':
        this.#attempt++; // whatever was on its way to replace this connection
        clearTimeout(this.#timer);
        this.#timer = 0;
        this.#takeOver = false;
        this.#liveAt = performance.now();
        this.wasLive = true;
        this.#setState('live', '');
        break;
      case 'disconnected':
        this.#wait(DISCONNECT_GRACE, () => this.#lose('The connection was lost. Trying again.'));
        break;
      case 'failed':
        this.#lose('The connection was lost. Trying again.');
        break;
    }
  }

  #onFailure(error) {
    if (!(error instanceof Refusal)) {
      this.#lose(error.name === 'TypeError' || error.name === 'AbortError'
        ? 'The host does not answer. Trying again.' : `This browser could not begin (${error.message}). Trying again.`);
    } else if (error.status === 409) {
      if (performance.now() < this.#patientUntil) this.#retryIn(STALE_RETRY);
      else this.#end('busy', error.message);
    } else if (error.status === 429 || error.status >= 500) {
      this.#lose(error.message, error.retryAfter);
    } else {
      this.#end('refused', error.message);
    }
  }

  /** Starts over: at once the first time, then with growing pauses. */
  #lose(reason, least = 0) {
    if (!this.#wanted) return;
    this.#setState('reconnecting', reason);
    this.#retryIn(Math.max(least, this.#failures === 0 ? 0 : pause(this.#failures)));
    this.#failures++;
  }

  #retryIn(delay) {
    this.#wait(delay, () => this.#try());
  }

  #wait(delay, act) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, delay);
  }

  #end(state, detail) {
    this.#wanted = false;
    const address = this.#address;
    this.#close();
    this.#last.address = null;
    this.#last.free();
    if (address) closeSession(address, this.#token()).catch(() => {});
    this.#setState(state, detail);
  }

  #close() {
    this.#attempt++;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#connection?.close();
    this.#connection = null;
    this.#address = null;
  }

  #setState(state, detail) {
    if (this.state === state && this.detail === detail) return;
    this.state = state;
    this.detail = detail;
    this.dispatchEvent(new Event('statechange'));
  }
}

/** An offer with the addresses that are found soon. */
async function describe(connection) {
  await connection.setLocalDescription(await connection.createOffer());
  if (connection.iceGatheringState !== 'complete') {
    await new Promise(done => {
      setTimeout(done, GATHER_LIMIT);
      connection.addEventListener('icegatheringstatechange', () => connection.iceGatheringState === 'complete' && done());
    });
  }
  return connection.localDescription.sdp;
}

function withTakeOver(endpoint) {
  const url = new URL(endpoint);
  url.searchParams.set('takeover', '1');
  return url;
}
