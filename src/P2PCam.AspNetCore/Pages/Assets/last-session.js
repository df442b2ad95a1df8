// Which session this browser left at the host. A page that was killed says no goodbye, so the host takes its session for another
// camera's until it times out; the page that comes after it may end that one, and no other.

export class LastSession {
  #key;
  #release = null;

  /** Whether no other page of this browser is at it. */
  isMine = false;

  constructor(stream) {
    this.#key = `p2pcam-session-${stream}`;
  }

  /** Takes the place if no other page has it, until free() or the end of this page, however it ends. */
  async take() {
    if (this.isMine || !navigator.locks) return;
    await new Promise(done => {
      navigator.locks.request(this.#key, { ifAvailable: true }, lock => {
        this.isMine = lock !== null;
        done();
        return lock && new Promise(release => { this.#release = release; });
      }).catch(done);
    });
  }

  free() {
    this.#release?.();
    this.#release = null;
    this.isMine = false;
  }

  get address() {
    return this.isMine ? this.#store(store => store.getItem(this.#key)) : null;
  }

  set address(value) {
    if (!this.isMine) return;
    this.#store(store => value ? store.setItem(this.#key, value) : store.removeItem(this.#key));
  }

  #store(use) {
    try {
      return use(localStorage);
    } catch {
      return null;
    }
  }
}
