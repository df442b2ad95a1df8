// Keeps a phone's screen on while its camera is on air: a phone that sleeps closes the camera.

export class ScreenLock {
  #lock = null;
  #wanted = false;
  #asking = false;

  constructor() {
    // Systems take the lock away when the page is hidden.
    document.addEventListener('visibilitychange', () => this.#update());
  }

  hold(wanted) {
    this.#wanted = wanted;
    this.#update();
  }

  async #update() {
    if (!navigator.wakeLock || this.#asking) return;
    if (!this.#wanted) {
      this.#lock?.release();
      this.#lock = null;
    } else if ((!this.#lock || this.#lock.released) && document.visibilityState === 'visible') {
      this.#asking = true;
      this.#lock = await navigator.wakeLock.request('screen').catch(() => null); // a low battery is reason to refuse
      this.#asking = false;
      if (!this.#wanted) this.#update();
    }
  }
}
