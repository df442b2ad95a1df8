// A WHIP (RFC 9725) or WHEP session: an offer is posted, the answer comes back with an address of the session's own, and deleting
// that address ends the session. Both kinds are the same on this side.

const POST_LIMIT = 8000;
const DELETE_LIMIT = 3000;

/** The host answered, and not with what was asked for. */
export class Refusal extends Error {
  /** @param {number} status @param {?string} code such as P2P3104 @param {string} words @param {number} retryAfter milliseconds, 0 if it did not say */
  constructor(status, code, words, retryAfter) {
    super(words || `The host answered with HTTP ${status}.`);
    Object.assign(this, { status, code, retryAfter });
  }
}

/**
 * Posts an offer. A Refusal is an answer of the host; any other error means that none came.
 * @returns {Promise<{ sdp: string, address: ?URL, iceServers: RTCIceServer[] }>}
 */
export async function openSession(endpoint, sdp, token, signal) {
  const response = await request(endpoint, { method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body: sdp }, token, POST_LIMIT, signal);
  const location = response.headers.get('Location');
  return { sdp: await response.text(), address: location && new URL(location, response.url), iceServers: iceServersOf(response.headers.get('Link')) };
}

/** Ends a session, also while the page is closing. True if it is no more, false if it is not this page's to end; rejects if the host does not answer. */
export async function closeSession(address, token) {
  try {
    await request(address, { method: 'DELETE', keepalive: true }, token, DELETE_LIMIT);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.status === 404;
  }
}

/** fetch() with a token and a limit in time; an answer that is no success is thrown as a Refusal. */
export async function request(address, options, token, limit, signal) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), limit);
  signal?.addEventListener('abort', () => abort.abort());
  try {
    const headers = token ? { ...options.headers, Authorization: `Bearer ${token}` } : options.headers;
    const response = await fetch(address, { cache: 'no-store', ...options, headers, signal: abort.signal });
    if (!response.ok) throw await readRefusal(response);
    return response;
  } finally {
    clearTimeout(timer);
  }
}

/** Problem details (RFC 9457), or a line of text such as "P2P3104: This camera needs a link that was made for it." */
async function readRefusal(response) {
  const text = (await response.text().catch(() => '')).trim();
  const problem = parse(text);
  const words = problem ? problem.detail ?? problem.title ?? '' : text.length < 400 && !text.startsWith('<') ? text : '';
  const code = problem?.code ?? /\bP2P\d{4}\b/.exec(text)?.[0] ?? null;
  const wait = Number(response.headers.get('Retry-After'));
  return new Refusal(response.status, code, words.replace(/^P2P\d{4}:\s*/, ''), wait > 0 ? Math.min(wait, 60) * 1000 : 0);
}

function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** Link: <turn:host:port>; rel="ice-server"; username="u"; credential="c" (RFC 9725 section 4.6) */
function iceServersOf(link) {
  const servers = [];
  for (const [, url, rest] of (link ?? '').matchAll(/<([^>]+)>((?:\s*;\s*[\w-]+\s*=\s*(?:"[^"]*"|[^\s,;]+))*)/g)) {
    const parameters = Object.fromEntries([...rest.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s,;]+))/g)].map(([, name, quoted, plain]) => [name.toLowerCase(), quoted ?? plain]));
    if (parameters.rel !== 'ice-server') continue;
    servers.push(parameters.username ? { urls: url, username: parameters.username, credential: parameters.credential ?? '' } : { urls: url });
  }
  return servers;
}
