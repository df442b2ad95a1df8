// Watching by plain requests (WHEP), where no WebSocket can be had: some phones refuse them to hosts whose certificate was clicked
// through. For the Viewer it looks like Signaling. It hears less: whether the camera is there shows in the picture only.

import { pause } from './backoff.js';
import { Refusal, closeSession, openSession } from './http-session.js';

export class WhepSignaling {
  #stopped = true;
  #session = null; // address
  #post = null; // stands for the offer that is under way
  #timer = 0;
  #failures = 0;

  /**
   * @param {URL} endpoint
   * @param {{ token(): ?string, onopen(resumed: boolean): void, onmessage(message: object): void, onclose(): void }} handlers
   */
  constructor(endpoint, handlers) {
    this.endpoint = endpoint;
    this.handlers = handlers;
  }

  get isOpen() {
    return !this.#stopped;
  }

  start() {
    this.#stopped = false;
    this.handlers.onopen(false);
  }

  /** Candidates are left out: the host has its own in the answer, and learns this page's from its checks. */
  send(message) {
    if (this.#stopped) return false;
    if (message.type === 'offer') this.#offer(message.sdp);
    return true;
  }

  hurry() {
    if (this.#stopped || !this.#timer) return;
    this.#failures = 0;
    this.#again(0);
  }

  /** Nobody answers: the offer that is under way is given up. */
  restart() {
    this.#drop();
  }

  stop() {
    this.#stopped = true;
    this.#drop();
  }

  async #offer(sdp) {
    this.#drop();
    const post = this.#post = {};
    const token = this.handlers.token();
    let session;
    try {
      session = await openSession(this.endpoint, sdp, token);
    } catch (error) {
      if (post === this.#post) this.#onFailure(error);
      return;
    }
    if (post !== this.#post) {
      // Too late: another offer is under way, or nobody watches any more.
      if (session.address) closeSession(session.address, token).catch(() => {});
      return;
    }
    this.#post = null;
    this.#failures = 0;
    this.#session = session.address;
    this.handlers.onmessage({ type: 'welcome', peerId: null, iceServers: session.iceServers });
    this.handlers.onmessage({ type: 'answer', sdp: session.sdp });
  }

  #onFailure(error) {
    this.#post = null;
    if (error instanceof Refusal) {
      if (error.status === 409) this.handlers.onmessage({ type: 'camera', state: 'Offline', unheard: true });
      else this.handlers.onmessage({ type: 'error', code: error.code ?? (error.status === 401 ? 'P2P3104' : `HTTP ${error.status}`), message: error.message });
      return;
    }
    this.handlers.onclose();
    this.#again(pause(this.#failures++));
  }

  #again(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.handlers.onopen(false);
    }, delay);
  }

  #drop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#post = null;
    if (this.#session) closeSession(this.#session, this.handlers.token()).catch(() => {});
    this.#session = null;
  }
}
