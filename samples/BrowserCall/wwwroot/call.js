// A call of two in a room: who is here, and the connection to them.
//
// States: joining, waiting (alone), connecting, live, reconnecting, full (two others are in the call), left, error.

import { Signaling } from './p2pcam/signaling.js';
import { Peer, sessionOf } from './peer.js';

const CONNECT_LIMIT = 20000;
const FULL_RETRY = 3000;

export class Call extends EventTarget {
  #signaling = null;
  #devices;
  #room;
  #iceServers = [];
  #peer = null;
  #peerHasLeft = false;
  #epoch = 0; // counts signaling connections
  #timer = 0;

  state = 'left';
  detail = '';

  constructor(room, devices) {
    super();
    this.#room = room;
    this.#devices = devices;
  }

  get peer() {
    return this.#peer;
  }

  get isIn() {
    return this.#signaling !== null;
  }

  join() {
    if (this.isIn) return;
    const url = new URL('p2pcam/signal', import.meta.url);
    url.protocol = url.protocol.replace('http', 'ws');
    this.#setState('joining', '');
    this.#signaling = new Signaling(url, this.#room, {
      role: 'Caller',
      token: () => null,
      onopen: () => { this.#epoch++; },
      onmessage: message => this.#onMessage(message),
      onclose: () => this.#onSignalingClosed(),
    });
    this.#signaling.start();
  }

  leave() {
    if (!this.isIn) return;
    this.#end('left', '');
  }

  /** Sends another track of a kind, or none. */
  replace(kind, track) {
    this.#peer?.replace(kind, track, this.#devices.stream);
  }

  /** The connection is of no use: makes another. The other side takes it for a page that begins anew. */
  renew() {
    if (this.#peer) this.#open(this.#peer.polite).start(this.#devices.stream);
  }

  /** Connect now rather than when the pause is over. */
  hurry() {
    this.#signaling?.hurry();
  }

  // --- the room

  #onMessage(message) {
    switch (message.type) {
      case 'welcome':
        this.#iceServers = message.iceServers ?? [];
        if (!this.#peer) this.#setState('waiting', '');
        break;
      case 'peer-joined':
        // Who was here first begins, and insists. Whatever connection there was belongs to who was here before, or to a page that begins anew.
        this.#open(false).start(this.#devices.stream);
        break;
      case 'offer':
        this.#onOffer(message);
        break;
      case 'answer':
      case 'candidate':
        this.#peer?.hear(message);
        break;
      case 'peer-left':
        // Only their signaling is known to be gone: while they are seen and heard, the call goes on.
        this.#peerHasLeft = true;
        if (this.#peer?.state !== 'connected') this.#lose('The other person has left.');
        break;
      case 'bye':
        this.#lose('The other person has left.');
        break;
      case 'error':
        this.#onError(message);
        break;
    }
  }

  #onOffer(message) {
    let peer = this.#peer;
    const known = peer?.connection.remoteDescription;
    if (!peer || peer.epoch !== this.#epoch || (known && sessionOf(known.sdp) !== sessionOf(message.sdp))) {
      peer = this.#open(peer?.epoch === this.#epoch ? peer.polite : true);
      peer.share(this.#devices.stream);
    }
    peer.hear(message);
  }

  #onError({ code, message }) {
    if (code !== 'P2P2012') {
      console.warn('The server says:', code, message);
      if (!this.#peer) this.#end('error', message || `The server refused (${code}).`);
      return;
    }
    if (this.#peer) {
      // The place that is taken is most likely our own: the server has not noticed yet that we lost it.
      this.#timer = setTimeout(() => this.#signaling?.restart(), FULL_RETRY);
    } else {
      this.#end('full', message);
    }
  }

  #onSignalingClosed() {
    if (this.#peer?.state === 'connected') return; // a call does not need the server any more
    this.#setState(this.state === 'joining' ? 'joining' : 'reconnecting', 'The server does not answer. Trying again.');
  }

  // --- the connection

  #open(polite) {
    this.#close();
    const epoch = this.#epoch;
    const peer = new Peer({
      polite,
      iceServers: this.#iceServers,
      // What belongs to an earlier signaling connection would be taken for a part of the new one.
      send: message => epoch === this.#epoch && this.#signaling?.send(message),
      onstate: () => peer === this.#peer && this.#onConnectionState(peer),
      onmedia: () => peer === this.#peer && this.dispatchEvent(new Event('media')),
    });
    peer.epoch = epoch;
    peer.polite = polite;
    this.#peer = peer;
    this.#peerHasLeft = false;
    this.#setState('connecting', '');
    this.#limit(peer);
    this.dispatchEvent(new Event('media'));
    return peer;
  }

  #limit(peer) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (peer === this.#peer && peer.state !== 'connected') this.#setState('reconnecting', 'No way through to the other device yet. A firewall may be in the way; still trying.');
    }, CONNECT_LIMIT);
  }

  #onConnectionState(peer) {
    switch (peer.state) {
      case 'connected':
        clearTimeout(this.#timer);
        this.#setState('live', '');
        break;
      case 'disconnected':
      case 'failed':
      case 'closed':
        if (this.#peerHasLeft) this.#lose('The other person has left.');
        else this.#setState('reconnecting', 'The connection to the other person was lost. Trying again.');
        break;
    }
  }

  #lose(words) {
    if (!this.#peer) return;
    this.#close();
    this.#setState('waiting', words);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#peer?.close();
    this.#peer = null;
    this.dispatchEvent(new Event('media'));
  }

  #end(state, detail) {
    this.#close();
    this.#signaling.stop();
    this.#signaling = null;
    this.#setState(state, detail);
  }

  #setState(state, detail) {
    if (this.state === state && this.detail === detail) return;
    this.state = state;
    this.detail = detail;
    this.dispatchEvent(new Event('statechange'));
  }
}
