// The viewer page: words, numbers and buttons around watch().

import { Access } from './access.js';
import { watch } from './p2pcam.js';

const root = document.documentElement;
const element = id => document.getElementById(id);
const video = element('video');
const stage = element('stage');
const access = new Access(root.dataset.stream);
const viewer = watch(video, { stream: root.dataset.stream, token: access.token, relay: root.dataset.relay === 'true' });

const words = {
  connecting: ['Connecting', 'The picture will be here in a moment.'],
  reconnecting: ['Reconnecting', 'The connection was lost. Trying again.'],
  offline: ['Camera offline', 'This page goes on by itself as soon as the camera is back.'],
  unknown: ['No such camera', `No camera on this host goes by the name “${root.dataset.stream}”. Check the address. Should one of that name come, its picture appears here by itself.`],
  absent: ['No camera here now', `No camera connects to this host by the name “${root.dataset.stream}” at the moment. If the name is right, its picture appears by itself as soon as it does.`],
  error: ['No picture', 'Something went wrong. Trying again.'],
  locked: ['PIN needed', 'It is shown on the computer that the camera is connected to.'],
};
let isKnown = root.dataset.known === 'true'; // whether a camera goes by this name, on air or not
const LINK_REFUSED = ['P2P3105', 'P2P3106', 'P2P3107', 'P2P3108'];

function showState() {
  const { state, detail } = viewer;
  root.dataset.state = state;
  isKnown ||= state === 'live' || (state === 'offline' && detail !== ''); // who owns a camera says why it is away
  const isUnknown = state === 'offline' && !isKnown;
  const [headline, explanation] = words[isUnknown ? root.dataset.known === 'maybe' ? 'absent' : 'unknown' : state] ?? ['', ''];
  element('headline').textContent = headline;
  element('explanation').textContent = state === 'offline' || state === 'locked' ? explanation : detail || explanation;
  element('reason').textContent = state === 'offline' && detail ? `The host says: ${detail.replace(/^P2P\d{4}: /, '')}` : '';
  // Where the host is not heard of the camera, the picture may be its slate.
  element('badge').textContent = state !== 'live' ? headline : viewer.isPlain ? 'Connected' : 'Live';
  showOthers(isUnknown);
  showPin();
  document.title = state === 'live' ? `● ${document.body.dataset.title}` : `${headline} – ${document.body.dataset.title}`;
  wake();
}

// --- a name that nothing here goes by: what there is instead

function showOthers(isUnknown) {
  const names = isUnknown ? root.dataset.others.split(' ').filter(Boolean) : [];
  element('others').hidden = names.length === 0;
  element('others').replaceChildren(...names.map(name => {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = new URL(`s/${encodeURIComponent(name)}`, import.meta.url);
    link.textContent = name;
    item.append(link);
    return item;
  }));
}

// --- the PIN

function showPin() {
  const isLocked = viewer.state === 'locked';
  const form = element('pin');
  const opens = isLocked && form.hidden;
  form.hidden = !isLocked;
  if (LINK_REFUSED.includes(viewer.code)) access.forget();
  if (!isLocked) return;
  access.forget();
  // Nothing is wrong with a PIN that was not asked for yet.
  element('pin-error').textContent = viewer.code === 'P2P3101' ? '' : viewer.detail;
  if (opens) element('pin-input').focus();
  element('pin-input').select();
}

function unlock(event) {
  event.preventDefault();
  const pin = element('pin-input').value.trim();
  if (!pin) return;
  access.token = pin;
  viewer.unlock(pin);
}

function showNumbers() {
  const s = viewer.latest;
  const live = viewer.state === 'live' && s;
  element('size').textContent = live && s.width ? `${s.width} × ${s.height}` : '–';
  element('fps').textContent = live ? `${Math.round(s.framesPerSecond)} fps` : '–';
  element('bitrate').textContent = live ? bitrate(s.bitrate) : '–';
  element('rtt').textContent = live && s.roundTripTime !== null ? `${milliseconds(s.roundTripTime * 1000)} ms` : '–';
}

const bitrate = bits => bits >= 1e6 ? `${(bits / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bits / 1e3)} kbit/s`;
const milliseconds = value => value < 10 ? value.toFixed(1) : Math.round(value);

// --- full screen: the stage, or on iPhones, where only videos may, the video

function toggleFullScreen() {
  if (document.fullscreenElement ?? document.webkitFullscreenElement) {
    (document.exitFullscreen ?? document.webkitExitFullscreen).call(document);
  } else if (stage.requestFullscreen ?? stage.webkitRequestFullscreen) {
    (stage.requestFullscreen ?? stage.webkitRequestFullscreen).call(stage);
  } else {
    video.webkitEnterFullscreen?.();
  }
}

function showFullScreen() {
  const isFull = Boolean(document.fullscreenElement ?? document.webkitFullscreenElement);
  element('fullscreen').setAttribute('aria-pressed', String(isFull));
}

// --- the bar hides while nobody moves

let idle = 0;
function wake() {
  root.dataset.idle = 'false';
  clearTimeout(idle);
  idle = setTimeout(() => { root.dataset.idle = 'true'; }, 3000);
}

viewer.addEventListener('statechange', showState);
viewer.addEventListener('statechange', showNumbers);
viewer.addEventListener('stats', showNumbers);
viewer.addEventListener('welcome', () => access.keep());
element('pin').addEventListener('submit', unlock);
viewer.addEventListener('blocked', () => { element('play').hidden = false; });
element('play').addEventListener('click', () => video.play());
video.addEventListener('playing', () => { element('play').hidden = true; });
element('fullscreen').addEventListener('click', toggleFullScreen);
stage.addEventListener('dblclick', event => event.target.closest('button, a') || toggleFullScreen());
document.addEventListener('fullscreenchange', showFullScreen);
document.addEventListener('webkitfullscreenchange', showFullScreen);
document.addEventListener('keydown', event => {
  if (event.key === 'f' && event.target.tagName !== 'INPUT' && !event.ctrlKey && !event.metaKey && !event.altKey) toggleFullScreen();
  wake();
});
for (const type of ['pointermove', 'pointerdown', 'focusin']) document.addEventListener(type, wake);
addEventListener('pagehide', () => viewer.stop());
addEventListener('pageshow', event => event.persisted && viewer.start());
showState();
root.dataset.ready = 'true'; // boot.js need not worry

window.p2pcam = {
  get state() { return viewer.state; },
  get detail() { return viewer.detail; },
  get peerConnection() { return viewer.peerConnection; },
  get peerId() { return viewer.peerId; },
  getStats: () => viewer.getStats(),
};
