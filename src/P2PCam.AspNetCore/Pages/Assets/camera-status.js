// What the host says of this stream: is a camera on air, how many watch, where.

import { Refusal, request } from './http-session.js';

const LIMIT = 4000;

/** Events: change. */
export class CameraStatus extends EventTarget {
  #address;
  #token;
  #asking = false;
  #misses = 0;

  viewers = null;
  betterCodec = null; // which more of the viewers could decode than the one on air
  watch = [];
  refusal = null; // Refusal: this page may not be the camera

  /** @param {URL} address @param {() => ?string} token */
  constructor(address, token) {
    super();
    this.#address = address;
    this.#token = token;
  }

  /** Whether the host has said twice in a row that nobody publishes. */
  get isWithoutPublisher() {
    return this.#misses >= 2;
  }

  async ask() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const { viewers, watch, publisher, mayPublish } = await (await request(this.#address, { method: 'GET' }, this.#token(), LIMIT)).json();
      this.viewers = typeof viewers === 'number' ? viewers : null;
      if (Array.isArray(watch)) this.watch = watch.filter(link => /^https?:/.test(link));
      this.betterCodec = publisher?.betterCodec ?? null;
      this.#misses = publisher ? 0 : this.#misses + 1;
      this.refusal = mayPublish === false ? new Refusal(404, 'P2P3315', 'This host takes its picture from elsewhere, and no browser for a camera.', 0) : null;
    } catch (error) {
      this.#misses = 0;
      this.viewers = this.betterCodec = null;
      if (error instanceof Refusal) this.refusal = [401, 403, 404].includes(error.status) ? error : null;
    } finally {
      this.#asking = false;
      this.dispatchEvent(new Event('change'));
    }
  }

  /** What was said before says nothing of a session that has just begun. */
  forget() {
    this.#misses = 0;
    this.betterCodec = null;
  }
}
