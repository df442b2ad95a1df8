// The WebSocket to the host: says hello, comes back by itself with growing pauses, and goes on there with the session that it had:
// both ends count what they received, so nothing is lost or doubled (docs/protocols/signaling.md).

import { pause } from './backoff.js';

const CONNECT_LIMIT = 6000;
const ACK_EVERY = 16;
const WINDOW = 256; // sent ahead of what the host confirmed

export class Signaling {
  #socket = null;
  #timer = 0;
  #failures = 0;
  #unopened = 0; // tries in a row that never became a WebSocket
  #stopped = true;
  #resume = null;
  #ready = false; // past the hello, or, when resuming, past the welcome
  #kept = []; // said and not confirmed
  #sent = 0; // of those
  #forgotten = 0; // confirmed before those
  #received = 0;
  #confirmed = -1; // of the received; -1: the host does not want to know

  /**
   * onopen hears whether the session goes on: if not, the host knows nothing of what was said before.
   * onunopened hears how often in a row connecting failed before there was a WebSocket.
   * @param {URL} url ws: or wss:
   * @param {string} stream
   * @param {{ role?: string, token(): ?string, onopen(resumed: boolean): void, onmessage(message: object): void, onclose(): void, onunopened?(times: number): void }} handlers
   */
  constructor(url, stream, handlers) {
    this.url = url;
    this.stream = stream;
    this.handlers = handlers;
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  start() {
    this.#stopped = false;
    this.#connect();
  }

  /** Sends now, or when the session goes on. False if that is not to be expected: what matters is sent anew in a new session. */
  send(message) {
    if ((!this.#ready && this.#resume === null) || this.#kept.length >= 2 * WINDOW) return false;
    this.#kept.push(JSON.stringify(message));
    this.#pump();
    return true;
  }

  /** There is reason to believe that connecting works now: do not wait for the pause to end. */
  hurry() {
    if (this.#stopped || this.isOpen) return;
    this.#failures = 0;
    if (this.#socket === null) this.#connect();
  }

  /** The connection looks open, but nobody answers: begins anew. */
  restart() {
    if (this.#stopped) return;
    this.#drop();
    this.#resume = null;
    this.#connect();
  }

  stop() {
    if (this.#ready) this.send({ type: 'bye', reason: 'page closed' });
    this.#stopped = true;
    this.#drop();
    this.#resume = null;
  }

  #connect() {
    clearTimeout(this.#timer);
    const resume = this.#resume;
    if (resume === null) this.#begin();
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    // A host that vanished lets connecting hang for minutes, and so does what stands in a WebSocket's way: that wait counts for two tries.
    this.#timer = setTimeout(() => {
      if (this.#unopened >= 0) this.#unopened++;
      this.#lost(socket);
    }, CONNECT_LIMIT);
    socket.onopen = () => {
      if (socket !== this.#socket) return;
      this.#unopened = -1; // the loss of this one makes it 0
      socket.send(JSON.stringify({
        type: 'hello', stream: this.stream, role: this.handlers.role ?? 'Viewer', version: 1, token: this.handlers.token() ?? undefined,
        resume: resume ?? undefined, received: this.#received,
      }));
      if (resume !== null) return; // the welcome says from where to go on
      clearTimeout(this.#timer);
      this.#ready = true;
      // Not waiting for the welcome saves a round trip.
      this.handlers.onopen(false);
    };
    socket.onmessage = event => {
      if (socket !== this.#socket) return;
      let message = null;
      try {
        message = JSON.parse(event.data);
      } catch {
        // Counts all the same.
      }
      switch (message?.type) {
        case 'welcome':
          this.#onWelcome(message, resume !== null);
          break;
        case 'ack':
          this.#onAck(message.received);
          break;
        default:
          this.#received++;
          if (message) this.handlers.onmessage(message);
          if (socket === this.#socket) this.#acknowledge();
          break;
      }
    };
    // Chromium tells of an error at once, and of the close that follows from it seconds later.
    socket.onclose = socket.onerror = () => this.#lost(socket);
  }

  #onWelcome(message, wasResuming) {
    clearTimeout(this.#timer);
    this.#failures = 0;
    const { resume = null, resumed = false, received = null } = message;
    if (wasResuming && resumed && !this.#rewind(received)) {
      this.restart();
      return;
    }
    if (wasResuming && !resumed) this.#begin();
    this.#resume = resume;
    this.#confirmed = received === null ? -1 : this.#received;
    this.#ready = true;
    this.handlers.onmessage(message);
    if (!wasResuming || !this.#ready) return;
    this.#pump();
    this.handlers.onopen(resumed);
  }

  /** What the host lacks is sent again; false if that is kept no more. */
  #rewind(received) {
    const known = received - this.#forgotten;
    if (!Number.isSafeInteger(received) || known < 0 || known > this.#sent) return false;
    this.#kept.splice(0, known);
    this.#forgotten = received;
    this.#sent = 0;
    return true;
  }

  #onAck(received) {
    const known = received - this.#forgotten;
    if (!(known > 0 && known <= this.#sent)) return;
    this.#kept.splice(0, known);
    this.#forgotten = received;
    this.#sent -= known;
    this.#pump();
  }

  #acknowledge() {
    if (this.#confirmed < 0 || this.#received - this.#confirmed < ACK_EVERY || !this.isOpen) return;
    this.#socket.send(JSON.stringify({ type: 'ack', received: this.#received }));
    this.#confirmed = this.#received;
  }

  #pump() {
    while (this.#ready && this.isOpen && this.#sent < Math.min(this.#kept.length, WINDOW)) this.#socket.send(this.#kept[this.#sent++]);
  }

  /** A session of which the host knows nothing yet. */
  #begin() {
    this.#resume = null;
    this.#kept = [];
    this.#sent = this.#forgotten = this.#received = 0;
    this.#confirmed = -1;
  }

  #lost(socket) {
    if (socket !== this.#socket) return;
    this.#drop();
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.#connect(), pause(this.#failures++));
    this.#unopened++;
    this.handlers.onclose();
    if (this.#unopened > 0) this.handlers.onunopened?.(this.#unopened);
  }

  #drop() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#ready = false;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      socket.close();
    }
  }
}
