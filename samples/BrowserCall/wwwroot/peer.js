// One connection to the other person, by the "perfect negotiation" of the WebRTC specification (section 10.7): both sides may change what they send at any time
// by the same code. When both offer at once, the impolite one ignores the other's offer, and the polite one takes its own back.

export class Peer {
  #send;
  #polite;
  #handlers;
  #makingOffer = false;
  #ignoringOffer = false;
  #answering = false;
  #closed = false;

  /** What the other sends. */
  remote = new MediaStream();

  /**
   * @param {{ polite: boolean, iceServers: RTCIceServer[], send(message: object): void, onstate(peer: Peer): void, onmedia(peer: Peer): void }} options
   */
  constructor({ polite, iceServers, send, ...handlers }) {
    this.#polite = polite;
    this.#send = message => this.#closed || send(message);
    this.#handlers = handlers;
    const connection = this.connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers });
    connection.onnegotiationneeded = () => this.#offer();
    connection.onicecandidate = ({ candidate }) => this.#send(candidate?.candidate
      ? { type: 'candidate', candidate: candidate.candidate, sdpMid: candidate.sdpMid, sdpMLineIndex: candidate.sdpMLineIndex }
      : { type: 'end-of-candidates' });
    connection.ontrack = ({ track }) => {
      this.remote.addTrack(track);
      track.onmute = track.onunmute = () => this.#closed || handlers.onmedia(this);
      handlers.onmedia(this);
    };
    connection.onconnectionstatechange = () => {
      if (this.#closed) return;
      if (connection.connectionState === 'failed') connection.restartIce();
      handlers.onstate(this);
    };
    connection.onsignalingstatechange = () => this.#closed || handlers.onmedia(this);
  }

  get state() {
    return this.connection.connectionState;
  }

  /** Whether the other sends this kind now. */
  receives(kind) {
    return this.connection.getTransceivers().some(transceiver =>
      transceiver.receiver.track.kind === kind && /recv/.test(transceiver.currentDirection ?? '') && !transceiver.receiver.track.muted);
  }

  /** How many pictures were decoded so far, shown or not. */
  async countDecoded() {
    const reports = [...(await this.connection.getStats()).values()];
    return reports.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video')?.framesDecoded ?? 0;
  }

  /** Begins a call: asks for both kinds, whatever can be sent from here. */
  start(stream) {
    this.share(stream);
    for (const kind of ['audio', 'video']) {
      if (!stream.getTracks().some(track => track.kind === kind)) this.connection.addTransceiver(kind, { direction: 'recvonly' });
    }
  }

  /** Sends what there is. Tracks that are added before the other's offer is taken find their places in it. */
  share(stream) {
    for (const track of stream.getTracks()) this.connection.addTrack(track, stream);
  }

  /** Sends another track of a kind, or none; the other side sees the difference. */
  async replace(kind, track, stream) {
    const transceiver = this.connection.getTransceivers().find(candidate => candidate.receiver.track.kind === kind);
    if (!transceiver) {
      if (track) this.connection.addTrack(track, stream);
      return;
    }
    await transceiver.sender.replaceTrack(track);
    if (this.#closed) return;
    if (track) transceiver.sender.setStreams?.(stream);
    transceiver.direction = track ? 'sendrecv' : 'recvonly';
  }

  /** A description or candidate of the other's. */
  async hear(message) {
    const connection = this.connection;
    try {
      switch (message.type) {
        case 'offer':
        case 'answer':
          await this.#describe({ type: message.type, sdp: message.sdp });
          break;
        case 'candidate':
          await connection.addIceCandidate({ candidate: message.candidate, sdpMid: message.sdpMid ?? null, sdpMLineIndex: message.sdpMLineIndex ?? (message.sdpMid === undefined ? 0 : null) });
          break;
      }
    } catch (error) {
      // Candidates of an offer that was ignored have no place to go.
      if (!this.#closed && !(this.#ignoringOffer && message.type === 'candidate')) console.warn('The other side sent what cannot be used:', message.type, error);
    }
  }

  close() {
    this.#closed = true;
    this.connection.close();
  }

  async #offer() {
    try {
      this.#makingOffer = true;
      await this.connection.setLocalDescription();
      this.#sendDescription();
    } catch (error) {
      if (!this.#closed) console.warn('No offer could be made:', error);
    } finally {
      this.#makingOffer = false;
    }
  }

  async #describe(description) {
    const connection = this.connection;
    // An answer on its way makes the state stable by the time that this offer is looked at.
    const isReady = !this.#makingOffer && (connection.signalingState === 'stable' || this.#answering);
    this.#ignoringOffer = description.type === 'offer' && !isReady && !this.#polite;
    if (this.#ignoringOffer) return;
    this.#answering = description.type === 'answer';
    try {
      await connection.setRemoteDescription(description); // rolls an offer of our own back, if there is one
    } finally {
      this.#answering = false;
    }
    if (description.type === 'offer') {
      await connection.setLocalDescription();
      this.#sendDescription();
    }
  }

  #sendDescription() {
    const { type, sdp } = this.connection.localDescription;
    this.#send({ type, sdp });
  }
}

/** The number that an RTCPeerConnection keeps in all its descriptions (RFC 8829 section 5.2.1): tells a new connection from a change of the old one. */
export const sessionOf = sdp => /^o=\S+ (\d+) /m.exec(sdp)?.[1] ?? '';
