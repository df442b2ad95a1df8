// The way to the host: a WebSocket, and where none can be had, plain requests. Some phones refuse WebSockets to hosts whose certificate
// was clicked through, and some proxies do not know them.

import { Signaling } from './signaling.js';
import { WhepSignaling } from './whep.js';

const WEBSOCKET_TRIES = 2; // in vain, before plain requests are tried
const LAST_CHANCE = 1500; // for a WebSocket that worked before

export class HostLink {
  #url;
  #stream;
  #handlers;
  #current;
  #running = false;
  #probing = false;
  #hadWebSocket = false;

  /** Parameters as Signaling's; onplain hears that from now on plain requests it is, before the first one. */
  constructor(url, stream, handlers) {
    this.#url = url;
    this.#stream = stream;
    this.#handlers = handlers;
    this.#current = new Signaling(url, stream, {
      ...handlers,
      onopen: resumed => {
        this.#hadWebSocket = true;
        handlers.onopen(resumed);
      },
      onunopened: times => times >= WEBSOCKET_TRIES && this.#probe(),
    });
  }

  get isOpen() {
    return this.#current.isOpen;
  }

  get isPlain() {
    return this.#current instanceof WhepSignaling;
  }

  start() {
    this.#running = true;
    this.#current.start();
  }

  stop() {
    this.#running = false;
    this.#current.stop();
  }

  send(message) {
    return this.#current.send(message);
  }

  hurry() {
    this.#current.hurry();
  }

  restart() {
    this.#current.restart();
  }

  async #probe() {
    if (this.#probing) return;
    this.#probing = true;
    const signaling = this.#current;
    const address = new URL(this.#url);
    address.protocol = address.protocol.replace('ws', 'http');
    // The host says so of a request that is no WebSocket; a proxy in front of a host that is away says something else.
    const isThere = await fetch(address, { cache: 'no-store' }).then(response => response.status === 426, () => false);
    if (isThere && this.#hadWebSocket) {
      // Perhaps the host has come back just now.
      signaling.hurry();
      await new Promise(done => setTimeout(done, LAST_CHANCE));
    }
    this.#probing = false;
    if (!isThere || !this.#running || this.isPlain || signaling.isOpen) return;
    signaling.stop();
    this.#current = new WhepSignaling(new URL(`whep/${this.#stream}`, address), this.#handlers);
    this.#handlers.onplain();
    this.#current.start();
  }
}
