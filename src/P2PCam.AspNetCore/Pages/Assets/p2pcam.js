// Shows a P2PCam stream in a <video> element, and keeps doing so.
//
//   import { watch } from 'https://192.168.1.20:3000/p2pcam.js';
//   const viewer = watch(document.querySelector('video'), { stream: 'default' });
//   viewer.addEventListener('statechange', () => console.log(viewer.state, viewer.detail));
//
// States: connecting, live, reconnecting, offline (the camera is), error (viewer.detail says what),
// locked (the host asks for a PIN: call viewer.unlock(pin)).

import { pause } from './backoff.js';
import { HostLink } from './host-link.js';
import { Session } from './session.js';
import { Statistics } from './statistics.js';

const ANSWER_LIMIT = 4000; // from offer to answer
const CONNECT_LIMIT = 10000; // from answer to connected
const DISCONNECT_GRACE = 2000; // ICE often recovers from a short gap by itself
const FREEZE_LIMIT = 3000; // without a decoded frame
const SLATE_PATIENCE = 1500; // a camera that is being opened needs a moment
const OFFLINE_RETRY = 5000;
const ERROR_RETRY = 10000;
const PIN_WANTED = ['P2P3101', 'P2P3102', 'P2P3103'];
const NEVER = ['P2P3104', 'P2P3105', 'P2P3106', 'P2P3107', 'P2P3108', 'P2P3109', 'P2P3111']; // asking again gets the same answer
const OTHER_CODEC = 'P2P2112'; // after an answer: the camera sends now what this browser cannot decode

/** Starts watching.
 *  Options: stream (default "default"), signalingUrl (default: beside this script), token (what opens the stream),
 *  relay (the host has STUN or TURN servers: offers wait for its welcome, which brings them). */
export function watch(video, options) {
  const viewer = new Viewer(video, options);
  viewer.start();
  return viewer;
}

export class Viewer extends EventTarget {
  #video;
  #signaling;
  #session = null;
  #statistics = new Statistics();
  #retry = 0;
  #retryDue = false;
  #failures = 0;
  #poll = 0;
  #polling = false;
  #frames = { decoded: 0, movedAt: 0 };
  #offlineAt = 0;
  #slate = null; // { description, since } while the host shows a still in the camera's place
  #doubt = null; // "offline" that was heard while pictures moved
  #grace = 0;
  #running = false;
  #token;
  #relay;
  #refusal = null;
  #iceServers = [];

  state = 'connecting';
  detail = '';
  code = null; // of the refusal, in the states locked and error
  timeToFirstFrameMs = null;
  latest = null;
  peerId = null; // by which the host knows this page

  constructor(video, { stream = 'default', signalingUrl = new URL('signal', import.meta.url), token = null, relay = false } = {}) {
    super();
    this.#video = video;
    this.#token = token;
    this.#relay = relay;
    const url = new URL(signalingUrl, import.meta.url);
    url.protocol = url.protocol.replace('http', 'ws');
    this.#signaling = new HostLink(url, stream, {
      token: () => this.#token,
      onopen: resumed => this.#onSignalingOpen(resumed),
      onmessage: message => this.#onMessage(message),
      onclose: () => this.#onSignalingClosed(),
      onplain: () => this.#onPlain(),
    });
  }

  get peerConnection() {
    return this.#session?.connection ?? null;
  }

  /** Whether the host is reached by plain requests, for want of a WebSocket, and says nothing of the camera. */
  get isPlain() {
    return this.#signaling.isPlain;
  }

  start() {
    if (typeof RTCPeerConnection === 'undefined') {
      this.#setState('error', 'This browser cannot receive live video: WebRTC is missing or switched off. Try a current Chrome, Edge, Firefox or Safari.');
      return;
    }
    this.#running = true;
    this.#refusal = null;
    if (!this.#relay) this.#newSession(); // the offer is ready by the time the WebSocket is
    this.#signaling.start();
    this.#poll = setInterval(() => this.#check(), 1000);
    addEventListener('online', this.#hurry);
    addEventListener('pageshow', this.#hurry);
    document.addEventListener('visibilitychange', this.#hurry);
  }

  /** Says goodbye; start() begins anew. */
  stop() {
    if (!this.#running) return;
    this.#running = false;
    clearInterval(this.#poll);
    clearTimeout(this.#retry);
    clearTimeout(this.#grace);
    removeEventListener('online', this.#hurry);
    removeEventListener('pageshow', this.#hurry);
    document.removeEventListener('visibilitychange', this.#hurry);
    this.#signaling.stop();
    this.#endSession();
  }

  /** Answers the host that asks for a PIN; 'welcome' tells that it was right. */
  unlock(pin) {
    this.#token = pin;
    this.#refusal = null;
    this.code = null;
    if (!this.#running) return;
    this.#setState('connecting', '');
    if (!this.#relay) this.#newSession();
    this.#signaling.start();
  }

  async getStats() {
    const { connection, timestamp, ...numbers } = await this.#statistics.now(this.peerConnection);
    return { state: this.state, timeToFirstFrameMs: this.timeToFirstFrameMs, ...numbers };
  }

  // --- signaling

  #onSignalingOpen(resumed) {
    if (!this.#relay || resumed) this.#proceed(resumed);
  }

  #proceed(resumed) {
    const session = this.#session;
    if (!session) {
      // After a goodbye: whoever answers now may have the camera again.
      this.#newSession();
    } else if (!session.answered) {
      if (!resumed) session.unheard = false;
      session.flush(!resumed);
      this.#expectAnswer(session);
    } else if (!this.#isMoving()) {
      this.#newSession();
    }
  }

  #onSignalingClosed() {
    if (this.#session?.answered && this.#isMoving()) return; // pictures do not need signaling
    if (this.state === 'connecting' && this.#failures++ === 0) return; // no alarm at the first hiccup
    if (this.state !== 'offline') this.#setState('reconnecting', 'The host does not answer. Trying again.');
  }

  /** The host is heard less of from now on: its servers come with the answer, for the next attempt, and of the camera the picture tells. */
  #onPlain() {
    this.#relay = false;
    this.#slate = null;
    if (!this.#session) this.#newSession();
  }

  #onMessage(message) {
    const session = this.#session;
    switch (message.type) {
      case 'welcome':
        this.#onWelcome(message);
        break;
      case 'answer':
        if (session) {
          clearTimeout(this.#grace);
          session.unheard = false;
          session.answer(message.sdp).then(() => this.#expectConnection(session));
        }
        break;
      case 'candidate':
        session?.addRemoteCandidate(message);
        break;
      case 'camera':
        this.#onCamera(message);
        break;
      case 'restart':
        this.#onRestart();
        break;
      case 'bye':
        if (this.#isDoubtful(message.reason)) break;
        this.#endSession();
        this.#goOffline(message.reason);
        break;
      case 'error':
        this.#onError(message);
        break;
    }
  }

  #onCamera({ state, description, unheard }) {
    const session = this.#session;
    if (state === 'Offline') {
      this.#slate = null;
      // What the host says of the moment of joining says nothing of the offer; only an Offline that names it does.
      if (session && !session.answered && unheard) session.unheard = true;
      // Who owns the camera says why; a server that merely misses the owner does not.
      if (description || !this.#isDoubtful(description)) this.#goOffline(description);
      return;
    }
    this.#doubt = null;
    this.#slate = state === 'Slate' ? { description: description || this.#slate?.description, since: performance.now() } : null;
    if (this.#slate && this.state === 'live') this.#goOffline(description);
    if (this.state !== 'offline' && this.state !== 'error') return;
    this.#failures = 0;
    if (!session || session.unheard || session.state === 'failed') {
      this.#newSession();
    } else if (session.answered) {
      if (this.#slate) return;
      // The same broadcaster goes on where it stopped; another one knows nothing of this session.
      this.#setState('reconnecting', '');
      this.#retryIn(1000);
      this.#video.requestVideoFrameCallback?.(() => this.#onFrame(session));
    } else {
      // The camera came between the hello and the offer, and answers it.
      clearTimeout(this.#retry);
      this.#retryDue = false;
      this.#setState('connecting', '');
      this.#expectAnswer(session);
    }
  }

  /** A server that goes, or has just been started, speaks of a camera it cannot see. Pictures that go on moving know better; #judge decides when they do. */
  #isDoubtful(description) {
    if (this.state !== 'live' || !this.#isMoving()) return false;
    this.#doubt ??= { description, since: performance.now() };
    return true;
  }

  #goOffline(description) {
    this.#doubt = null;
    clearTimeout(this.#grace);
    this.#offlineAt = performance.now();
    this.#setState('offline', description ?? '');
    this.#retryIn(OFFLINE_RETRY);
  }

  /** The host wants a new offer, whether pictures flow or not: at once the first time. */
  #onRestart() {
    if (this.state !== 'offline') this.#retryIn(this.#failures === 0 ? 0 : pause(this.#failures), true);
    this.#failures++;
  }

  #onWelcome({ peerId, iceServers = [], resumed = false }) {
    this.peerId = peerId;
    this.#iceServers = iceServers;
    this.dispatchEvent(new Event('welcome'));
    if (this.#relay && !resumed) this.#proceed(false);
  }

  #onError({ code, message }) {
    if (PIN_WANTED.includes(code) || NEVER.includes(code)) {
      this.#signaling.stop();
      this.#refusal = [PIN_WANTED.includes(code) ? 'locked' : 'error', message, code];
      if (this.state !== 'live' || code === 'P2P3111') this.#showRefusal(); // else pictures flow on without signaling
      return;
    }
    if (this.state === 'live') return;
    const words = message || `The host refused (${code}).`;
    if (code === OTHER_CODEC && this.#session?.answered) {
      // Whoever stays is counted when the camera chooses how to compress, and sees it at once when that changes.
      clearTimeout(this.#retry);
      this.#retryDue = false;
      this.#setState('error', words);
      return;
    }
    this.#endSession();
    this.#setState('error', words);
    this.#retryIn(ERROR_RETRY);
  }

  // --- sessions

  #showRefusal() {
    clearTimeout(this.#retry);
    clearTimeout(this.#grace);
    this.#retryDue = false;
    this.#endSession();
    const [state, detail, code] = this.#refusal;
    this.code = code;
    this.#setState(state, detail);
  }

  #newSession() {
    if (!this.#running) return;
    if (this.#refusal) {
      this.#showRefusal();
      return;
    }
    this.#endSession();
    let session;
    try {
      session = new Session(this.#iceServers, {
        send: message => session === this.#session && this.#signaling.send(message),
        ontrack: stream => this.#show(session, stream),
        onstate: () => session === this.#session && this.#onConnectionState(session),
        onfailure: error => session === this.#session && this.#onUnusable(error),
      });
    } catch (error) {
      this.#onUnusable(error);
      return;
    }
    this.#session = session;
    this.#frames = { decoded: 0, movedAt: performance.now() };
    if (this.#signaling.isOpen) this.#expectAnswer(session);
    this.dispatchEvent(new Event('session'));
  }

  #endSession() {
    clearTimeout(this.#grace);
    clearTimeout(this.#retry);
    this.#retryDue = false;
    this.#doubt = null;
    this.#session?.close();
    this.#session = null;
  }

  #expectAnswer(session) {
    this.#within(ANSWER_LIMIT, session, () => !session.answered && this.state !== 'offline', () => {
      this.#signaling.restart();
      this.#rebuild('The host does not answer. Trying again.');
    });
  }

  #expectConnection(session) {
    this.#within(CONNECT_LIMIT, session, () => session.state !== 'connected', () =>
      this.#rebuild('No way through for the video. If it stays so, a firewall on the host may be blocking its UDP port.'));
  }

  #within(limit, session, isLate, act) {
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => session === this.#session && isLate() && act(), limit);
  }

  #onConnectionState(session) {
    switch (session.state) {
      case 'connected':
        clearTimeout(this.#grace);
        this.#frames.movedAt = performance.now();
        break;
      case 'disconnected':
        this.#within(DISCONNECT_GRACE, session, () => session.state !== 'connected', () => this.#rebuild('The connection was lost. Trying again.'));
        break;
      case 'failed':
        this.#rebuild('The connection was lost. Trying again.');
        break;
    }
  }

  /** Starts over: at once the first time, then with growing pauses. */
  #rebuild(reason) {
    if (this.#refusal) {
      this.#showRefusal();
      return;
    }
    if (this.#doubt) {
      this.#goOffline(this.#doubt.description);
      return;
    }
    if (this.state !== 'offline') this.#setState('reconnecting', reason);
    this.#retryIn(this.#failures === 0 ? 0 : pause(this.#failures));
    this.#failures++;
  }

  #retryIn(delay, always = false) {
    clearTimeout(this.#retry);
    this.#retryDue = true;
    const session = this.#session;
    this.#retry = setTimeout(() => {
      this.#retryDue = false;
      if (session !== this.#session || (session?.answered && this.#isMoving() && !always)) return;
      if (this.state === 'offline' && session?.state === 'connected') return; // the way is open; only the pictures are missing
      if (this.#signaling.isOpen) this.#newSession();
      else if (session?.answered) this.#endSession(); // a new one comes with the WebSocket
    }, delay);
  }

  #onUnusable(error) {
    this.#endSession();
    this.#setState('error', `This browser cannot show the camera's video (${error.message}). A current Chrome, Edge, Firefox or Safari can.`);
    this.#retryIn(ERROR_RETRY);
  }

  // --- pictures

  #show(session, stream) {
    const video = this.#video;
    const attach = () => {
      if (session !== this.#session) return;
      video.srcObject = stream;
      video.play().catch(error => error.name === 'NotAllowedError' && this.dispatchEvent(new Event('blocked')));
      if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(() => this.#onFrame(session));
    };
    // While the new connection comes up, the last picture of the old one is better than none.
    const track = stream.getVideoTracks()[0];
    if (video.srcObject && track?.muted) track.addEventListener('unmute', attach, { once: true });
    else attach();
  }

  #onFrame(session) {
    if (session !== this.#session) return;
    this.#frames.movedAt = performance.now();
    if (this.#slate) return;
    this.timeToFirstFrameMs ??= performance.now();
    this.#setState('live', '');
  }

  #isMoving() {
    return this.#session?.state === 'connected' && performance.now() - this.#frames.movedAt < 1500;
  }

  async #check() {
    const session = this.#session;
    if (this.#polling || !session) return;
    this.#polling = true;
    try {
      const sample = await this.#statistics.sample(session.connection);
      if (session !== this.#session) return;
      this.latest = sample;
      this.#judge(session, sample.framesDecoded);
      this.dispatchEvent(new Event('stats'));
    } finally {
      this.#polling = false;
    }
  }

  #judge(session, decoded) {
    const now = performance.now();
    const doubtful = this.#doubt ? now - this.#doubt.since : 0;
    if (this.#slate && this.state !== 'offline' && session.state === 'connected' && now - this.#slate.since > SLATE_PATIENCE) this.#goOffline(this.#slate.description);
    if (decoded > this.#frames.decoded) {
      if (doubtful > FREEZE_LIMIT) this.#doubt = null;
      this.#frames = { decoded, movedAt: now };
      // Hidden pages present no frames, and not every browser reports them. What was on its way when the camera went is no sign of life.
      if (this.state !== 'live' && (this.state !== 'offline' || now - this.#offlineAt > FREEZE_LIMIT)) this.#onFrame(session);
      if (now - session.startedAt > 5000) this.#failures = 0;
    } else if (doubtful > 500 && document.visibilityState === 'visible') {
      this.#goOffline(this.#doubt.description);
    } else if (session.state === 'failed' && !this.#retryDue) {
      this.#rebuild('The connection was lost. Trying again.');
    } else if (document.visibilityState === 'hidden') {
      this.#frames.movedAt = now; // browsers may stop decoding what nobody sees
    } else if (this.state === 'live' && now - this.#frames.movedAt > FREEZE_LIMIT) {
      this.#rebuild('The picture stopped. Trying again.');
    }
  }

  #hurry = () => {
    if (document.visibilityState === 'hidden') return;
    this.#frames.movedAt = Math.max(this.#frames.movedAt, performance.now() - 1000);
    this.#signaling.hurry();
    if (this.#retryDue && this.#signaling.isOpen) this.#retryIn(0);
  };

  #setState(state, detail) {
    if (this.state === state && this.detail === detail) return;
    this.state = state;
    this.detail = detail;
    this.dispatchEvent(new Event('statechange'));
  }
}
