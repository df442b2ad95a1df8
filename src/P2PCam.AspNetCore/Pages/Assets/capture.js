// The picture that is sent: a camera of this device, or its screen. Why it cannot be had, in words.

import { cannotCapture, refused } from './capture-words.js';

export const SCREEN = 'screen';

const RETRY = 2000; // a camera that has just been plugged in may not be ready

/** Events: change (there is another track, or none), cameras (the list is another), lost (detail: 'camera' or 'screen'), back (a camera that was missing). */
export class Capture extends EventTarget {
  #wish = null;
  #opening = 0;
  #missing = null; // { deviceId, label } of the camera that is waited for
  #retry = 0;

  track = null;
  source = ''; // deviceId or SCREEN
  cameras = [];
  problem = null; // { headline, words, canRetry }

  constructor() {
    super();
    navigator.mediaDevices?.addEventListener?.('devicechange', () => this.#onDevices());
    // Whoever lifts the refusal in the browser's settings should not have to find the way back to a button as well.
    navigator.permissions?.query({ name: 'camera' }).then(status => {
      status.onchange = () => status.state === 'granted' && this.problem?.isRefusal && this.#wish && this.open(this.#wish);
    }, () => {});
  }

  get canShareScreen() {
    return Boolean(navigator.mediaDevices?.getDisplayMedia);
  }

  get isScreen() {
    return this.source === SCREEN;
  }

  /** Opens what is wished for, in place of what is open; false if it cannot be had: see problem.
   *  @param {{ source: string, width: number, height: number, frameRate: number, hint: string }} wish */
  async open(wish) {
    this.#wish = wish;
    const opening = ++this.#opening;
    const problem = cannotCapture();
    if (problem) {
      this.#fail(problem);
      return false;
    }
    try {
      const track = await (wish.source === SCREEN ? this.#openScreen(wish) : this.#openCamera(wish));
      if (opening !== this.#opening) {
        track.stop();
        return false;
      }
      this.#take(track, wish);
    } catch (error) {
      if (opening !== this.#opening) return false;
      const problem = refused(error, wish.source === SCREEN);
      if (wish.source !== SCREEN && !problem.isRefusal) this.#missing ??= { deviceId: wish.source, label: '' };
      this.#fail(problem);
      return false;
    }
    await this.#list();
    return true;
  }

  /** Another size or rate of the same picture, as far as it can be had; the screen is not asked for again. */
  async adjust({ width, height, frameRate, hint }) {
    if (!this.track) return;
    if ('contentHint' in this.track) this.track.contentHint = hint;
    await this.track.applyConstraints({ width: { max: width }, height: { max: height }, frameRate: { ideal: frameRate } }).catch(() => {});
  }

  /** Gives the device back: its light goes out. */
  close() {
    this.#opening++;
    this.#missing = null;
    this.#drop();
  }

  async #openCamera({ source, width, height, frameRate }) {
    const size = { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frameRate } };
    if (this.track && !this.isScreen && source === this.source) {
      try {
        await this.track.applyConstraints(size);
        return this.track;
      } catch {
        // Opened anew, then.
      }
    }
    // Phones have two cameras and let one be open at a time.
    if (!this.isScreen) this.#drop();
    const camera = source ? { deviceId: { exact: source } } : { facingMode: 'user' };
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { ...camera, ...size } });
    } catch (error) {
      if (error.name !== 'OverconstrainedError' || !source) throw error;
      // The one that was chosen the last time is not there any more.
      stream = await navigator.mediaDevices.getUserMedia({ video: size });
    }
    return stream.getVideoTracks()[0];
  }

  async #openScreen({ width, height, frameRate }) {
    const size = { width: { max: width }, height: { max: height }, frameRate: { ideal: frameRate } };
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: size, audio: false });
    return stream.getVideoTracks()[0];
  }

  #take(track, wish) {
    const isSame = track === this.track;
    if (!isSame) this.#drop();
    this.track = track;
    this.source = wish.source === SCREEN ? SCREEN : track.getSettings().deviceId ?? wish.source;
    this.problem = null;
    this.#missing = null;
    if ('contentHint' in track) track.contentHint = wish.hint;
    track.onended = () => this.#onEnded(track);
    this.dispatchEvent(new Event('change'));
  }

  // Unplugged, taken away by the system, or sharing was ended in the browser's own bar.
  #onEnded(track) {
    if (track !== this.track) return;
    const detail = this.isScreen ? SCREEN : 'camera';
    this.#missing = this.isScreen ? null : { deviceId: this.source, label: track.label };
    this.#drop();
    this.dispatchEvent(new CustomEvent('lost', { detail }));
    this.#list();
  }

  async #onDevices() {
    clearTimeout(this.#retry);
    await this.#list();
    const missing = this.#missing;
    const back = missing && this.cameras.find(camera => !missing.deviceId || camera.deviceId === missing.deviceId || (missing.label && camera.label === missing.label));
    if (!back || this.track) return;
    if (await this.open({ ...this.#wish, source: back.deviceId })) this.dispatchEvent(new Event('back'));
    else if (this.#missing) this.#retry = setTimeout(() => this.#onDevices(), RETRY);
  }

  async #list() {
    const devices = await navigator.mediaDevices?.enumerateDevices?.().catch(() => []) ?? [];
    this.cameras = devices.filter(device => device.kind === 'videoinput' && device.deviceId);
    this.dispatchEvent(new Event('cameras'));
  }

  #fail(problem) {
    this.problem = problem;
    this.dispatchEvent(new Event('change'));
  }

  #drop() {
    const track = this.track;
    if (!track) return;
    this.track = null;
    track.onended = null;
    track.stop();
    this.dispatchEvent(new Event('change'));
  }
}
