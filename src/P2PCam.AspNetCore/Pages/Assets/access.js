// What opens the stream: the token of a shared link, or a PIN. Kept while the tab is open, so that reloading does not ask again.

export class Access {
  #key;

  constructor(stream) {
    this.#key = `p2pcam-access-${stream}`;
    const token = new URLSearchParams(location.hash.slice(1)).get('token');
    if (token) {
      // Out of the address bar, where screenshots and bookmarks would carry it on.
      history.replaceState(history.state, '', location.pathname + location.search);
      this.token = token;
      this.keep();
    } else {
      this.token = this.#store(store => store.getItem(this.#key));
    }
  }

  /** Once the host has taken it. */
  keep() {
    if (this.token) this.#store(store => store.setItem(this.#key, this.token));
  }

  /** Once the host has refused it. */
  forget() {
    this.#store(store => store.removeItem(this.#key));
  }

  // Some browsers forbid storage in private windows and frames; then reloading asks again.
  #store(use) {
    try {
      return use(sessionStorage);
    } catch {
      return null;
    }
  }
}
