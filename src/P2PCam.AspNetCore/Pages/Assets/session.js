// One attempt to get the picture: an RTCPeerConnection, its offer, and what becomes of it.

export class Session {
  #messages = [];
  #next = 0;
  #early = [];
  #closed = false;

  /** Set once the host's answer is in place. */
  answered = false;

  /** Set when the host said that there was no camera to hear the offer. */
  unheard = false;

  /**
   * @param {RTCIceServer[]} iceServers
   * @param {{ send(message: object): boolean, ontrack(stream: MediaStream): void, onstate(session: Session): void, onfailure(error: Error): void }} handlers
   */
  constructor(iceServers, handlers) {
    this.handlers = handlers;
    this.startedAt = performance.now();
    const connection = this.connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers });
    connection.addTransceiver('video', { direction: 'recvonly' });
    connection.ontrack = event => handlers.ontrack(event.streams[0] ?? new MediaStream([event.track]));
    connection.onicecandidate = event => this.#addCandidate(event.candidate);
    connection.onconnectionstatechange = () => this.#closed || handlers.onstate(this);
    this.#offer();
  }

  /** The connection's state; also sees that the host closed the encrypted channel, which some browsers show nowhere else. */
  get state() {
    const channel = this.connection.getReceivers()[0]?.transport?.state;
    return channel === 'closed' || channel === 'failed' ? 'failed' : this.connection.connectionState;
  }

  /** Sends what has not been sent; from the start if the signaling session is a new one that knows nothing of it. */
  flush(anew = false) {
    if (anew) this.#next = 0;
    while (this.#next < this.#messages.length && this.handlers.send(this.#messages[this.#next])) this.#next++;
  }

  async answer(sdp) {
    if (this.#closed || this.answered) return;
    try {
      await this.connection.setRemoteDescription({ type: 'answer', sdp });
    } catch (error) {
      if (!this.#closed) this.handlers.onfailure(error);
      return;
    }
    this.answered = true;
    for (const candidate of this.#early.splice(0)) this.#apply(candidate);
  }

  addRemoteCandidate({ candidate, sdpMid, sdpMLineIndex }) {
    const parsed = { candidate, sdpMid: sdpMid ?? null, sdpMLineIndex: sdpMLineIndex ?? (sdpMid === undefined ? 0 : null) };
    if (this.answered) this.#apply(parsed);
    else this.#early.push(parsed);
  }

  close() {
    this.#closed = true;
    this.connection.close();
  }

  async #offer() {
    try {
      await this.connection.setLocalDescription(await this.connection.createOffer());
    } catch (error) {
      if (!this.#closed) this.handlers.onfailure(error);
      return;
    }
    if (this.#closed) return;
    // Candidates found meanwhile are in the description already, so they may go out after it.
    this.#messages.unshift({ type: 'offer', sdp: this.connection.localDescription.sdp });
    this.flush();
  }

  #addCandidate(candidate) {
    if (this.#closed) return;
    this.#messages.push(candidate?.candidate
      ? { type: 'candidate', candidate: candidate.candidate, sdpMid: candidate.sdpMid, sdpMLineIndex: candidate.sdpMLineIndex }
      : { type: 'end-of-candidates' });
    if (this.#messages[0].type === 'offer') this.flush();
  }

  async #apply(candidate) {
    try {
      await this.connection.addIceCandidate(candidate);
    } catch {
      // One address less to try.
    }
  }
}
