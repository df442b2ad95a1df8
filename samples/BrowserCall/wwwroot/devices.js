// Camera and microphone of this device, and why they cannot be had, in words.

/** What this page sends: at most one track of each kind, in one stream that keeps its identity. */
export class Devices extends EventTarget {
  stream = new MediaStream();

  /** Why a kind is missing; empty while it is not, or was switched off on purpose. */
  problems = { video: '', audio: '' };

  track(kind) {
    return this.stream.getTracks().find(track => track.kind === kind) ?? null;
  }

  /** Asks for both at once, so that the browser asks its user once; what can be had alone is taken alone. */
  async open() {
    if (!navigator.mediaDevices?.getUserMedia) {
      this.problems.video = this.problems.audio = isSecureContext
        ? 'This browser has no access to cameras and microphones.'
        : 'Browsers give cameras and microphones to pages by HTTPS only. Open this page by https://.';
      return;
    }
    try {
      this.#take(await navigator.mediaDevices.getUserMedia(wish(true, true)));
    } catch (error) {
      if (error.name === 'NotAllowedError') {
        this.problems.video = this.problems.audio = explain(error, 'camera and microphone');
      } else {
        await this.#openOne('video');
        await this.#openOne('audio');
      }
    }
  }

  /** Opens the camera (again). */
  async turnOn(kind) {
    if (!this.track(kind)) await this.#openOne(kind);
    return this.track(kind);
  }

  /** Gives the device back: its light goes out. */
  turnOff(kind) {
    const track = this.track(kind);
    if (!track) return;
    track.onended = null;
    track.stop();
    this.stream.removeTrack(track);
  }

  close() {
    this.turnOff('video');
    this.turnOff('audio');
  }

  async #openOne(kind) {
    try {
      this.#take(await navigator.mediaDevices.getUserMedia(wish(kind === 'video', kind === 'audio')));
    } catch (error) {
      this.problems[kind] = explain(error, kind === 'video' ? 'camera' : 'microphone');
    }
  }

  #take(stream) {
    for (const track of stream.getTracks()) {
      this.turnOff(track.kind);
      this.problems[track.kind] = '';
      this.stream.addTrack(track);
      // Unplugged, or taken away in the browser's bar.
      track.onended = () => {
        this.turnOff(track.kind);
        this.problems[track.kind] = track.kind === 'video' ? 'The camera went away.' : 'The microphone went away.';
        this.dispatchEvent(new CustomEvent('lost', { detail: track.kind }));
      };
    }
  }
}

const wish = (video, audio) => ({
  video: video && { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
  audio: audio && { echoCancellation: true, noiseSuppression: true },
});

function explain(error, what) {
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return `The browser was told not to let this page use ${what}. Allow it by the sign beside the address.`;
    case 'NotFoundError':
    case 'OverconstrainedError':
      return `There is no ${what} on this device.`;
    case 'NotReadableError':
    case 'AbortError':
      return `Another program is using the ${what}.`;
    default:
      return `The ${what} cannot be opened: ${error.message}`;
  }
}
