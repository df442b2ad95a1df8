// The WebSocket to the host: says hello, comes back by itself with growing pauses.

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
const CONNECT_LIMIT = 6000;

export class Signaling {
  #socket = null;
  #timer = 0;
  #failures = 0;
  #stopped = true;

  /**
   * @param {URL} url ws: or wss:
   * @param {string} stream
   * @param {{ role?: string, token(): ?string, onopen(): void, onmessage(message: object): void, onclose(): void }} handlers
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

  /** Sends now, or not at all: what matters is sent anew after a reconnect. */
  send(message) {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** There is reason to believe that connecting works now: do not wait for the pause to end. */
  hurry() {
    if (this.#stopped || this.isOpen) return;
    this.#failures = 0;
    if (this.#socket === null) this.#connect();
  }

  /** The connection looks open, but nobody answers. */
  restart() {
    if (this.#stopped) return;
    this.#drop();
    this.#connect();
  }

  stop() {
    this.send({ type: 'bye', reason: 'page closed' });
    this.#stopped = true;
    this.#drop();
  }

  #connect() {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    // A host that vanished lets connecting hang for minutes.
    this.#timer = setTimeout(() => this.#lost(socket), CONNECT_LIMIT);
    socket.onopen = () => {
      if (socket !== this.#socket) return;
      clearTimeout(this.#timer);
      this.send({ type: 'hello', stream: this.stream, role: this.handlers.role ?? 'Viewer', version: 1, token: this.handlers.token() ?? undefined });
      // Not waiting for the welcome saves a round trip.
      this.handlers.onopen();
    };
    socket.onmessage = event => {
      if (socket !== this.#socket) return;
      let message;
      try {
        message = JSON.parse(event.data);
      } catch {
        return;
      }
      if (message.type === 'welcome') this.#failures = 0;
      this.handlers.onmessage(message);
    };
    socket.onclose = () => this.#lost(socket);
  }

  #lost(socket) {
    if (socket !== this.#socket) return;
    this.#drop();
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.#connect(), pause(this.#failures++));
    this.handlers.onclose();
  }

  #drop() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }
}

/** Doubles from a quarter of a second to five seconds; jitter keeps many pages from coming back at the same instant. */
export function pause(failures) {
  const full = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failures, 8));
  return full * (0.7 + 0.3 * Math.random());
}
