// The page: words, pictures and buttons around a Call.

import { Call } from './call.js';
import { Devices } from './devices.js';

const root = document.documentElement;
const element = id => document.getElementById(id);
const remote = element('remote');
const local = element('local');
const stage = element('stage');
const room = decodeURIComponent(/\/r\/([^/]+)\/?$/.exec(location.pathname)?.[1] ?? 'default');
const devices = new Devices();
const call = new Call(room, devices);
let isAsking = true;

const words = {
  ready: ['Ready', ''],
  joining: ['Joining', 'One moment.'],
  waiting: ['Waiting for the other person', 'Open this address on the other device, or send it to whom you want to talk to.'],
  connecting: ['Connecting', 'The other person is here.'],
  live: ['The camera of the other person is off', 'You hear each other.'],
  reconnecting: ['Reconnecting', 'Trying again.'],
  full: ['Two people are in this call already', 'A call is for two. Wait until one of them leaves, or meet in another room: any name after /r/ in the address.'],
  left: ['You have left the call', 'Camera and microphone are still shown to you only.'],
  error: ['No call', 'Something went wrong.'],
};

function show() {
  const state = isAsking ? 'asking' : call.state === 'left' && !hasCalled ? 'ready' : call.state;
  root.dataset.state = state;
  const [headline, explanation] = words[state] ?? ['Camera and microphone', 'The browser asks whether this page may use them.'];
  const missing = [devices.problems.video, devices.problems.audio].filter((text, i, all) => text && all.indexOf(text) === i).join(' ');
  element('headline').textContent = state === 'ready' && missing ? (devices.track('audio') || devices.track('video') ? 'Not everything is there' : 'No camera and no microphone') : headline;
  element('explanation').textContent = state === 'ready' ? missing || 'This is how the other person will see you.' : explain(state, explanation);
  element('badge').textContent = state === 'live' ? 'In the call' : headline;
  element('room').hidden = state !== 'waiting';
  element('bar').hidden = !call.isIn;
  element('join').hidden = !['ready', 'left', 'full', 'error'].includes(state);
  element('join').textContent = state === 'left' ? 'Join again' : state === 'full' || state === 'error' ? 'Try again' : missing && !devices.track('video') ? 'Join without camera' : 'Join the call';
  element('again').hidden = state !== 'ready' || !missing;
  document.title = state === 'live' ? '● Call' : `${element('headline').textContent} – Call`;
  showMedia();
  wake();
}

const explain = (state, usual) => state === 'waiting' && call.detail ? `${call.detail} ${usual}` : state === 'full' ? usual : call.detail || usual;

function showMedia() {
  const camera = devices.track('video');
  root.dataset.camera = camera ? 'on' : 'off';
  element('caption').textContent = camera ? 'You' : devices.problems.video ? 'No camera' : 'Your camera is off';
  // The names say what pressing does and stay; "pressed" says that it was done. Both together would say the contrary of either.
  element('camera').setAttribute('aria-pressed', String(!camera));
  const microphone = devices.track('audio');
  const isHeard = Boolean(microphone?.enabled);
  element('microphone').setAttribute('aria-pressed', String(!isHeard));

  const stream = call.peer?.remote ?? null;
  // While another connection is made, the last picture of the old one is better than none.
  const isBetween = root.dataset.state === 'reconnecting' && remote.srcObject && (!stream || stream.getVideoTracks().every(track => track.muted));
  if (isBetween) return;
  if (remote.srcObject !== stream) {
    remote.srcObject = stream;
    // Browsers play sound only for people who have touched the page, and who joined has.
    if (stream) remote.play().catch(error => { element('play').hidden = error.name !== 'NotAllowedError'; });
  }
  if (!stream) element('play').hidden = true;
  root.dataset.remoteCamera = call.peer && !call.peer.receives('video') ? 'off' : 'on';
}

// Chromium (seen in 156) may decode pictures for good and show none, after both sides negotiated at once. Only another connection helps.
const LOOK_EVERY = 1000;
const UNSEEN_LIMIT = 3; // looks in a row
let unseen = 0;
let last = null;
setInterval(async () => {
  const peer = call.peer;
  if (!peer || call.state !== 'live' || document.visibilityState !== 'visible') {
    last = null;
    return;
  }
  const now = { peer, decoded: await peer.countDecoded(), shown: remote.getVideoPlaybackQuality().totalVideoFrames };
  unseen = last?.peer === peer && now.decoded > last.decoded && now.shown === last.shown ? unseen + 1 : 0;
  last = now;
  if (unseen < UNSEEN_LIMIT || peer !== call.peer) return;
  unseen = 0;
  console.warn('Pictures come and are not shown: connecting anew.');
  call.renew();
}, LOOK_EVERY);

// --- devices

async function ask() {
  isAsking = true;
  show();
  await devices.open();
  isAsking = false;
  local.srcObject = devices.stream;
  show();
}

async function toggleCamera() {
  const button = element('camera');
  button.disabled = true;
  if (devices.track('video')) {
    devices.turnOff('video');
    devices.problems.video = '';
  } else {
    await devices.turnOn('video');
    local.srcObject = devices.stream;
  }
  button.disabled = false;
  call.replace('video', devices.track('video'));
  show();
}

async function toggleMicrophone() {
  const track = devices.track('audio');
  if (track) {
    track.enabled = !track.enabled;
  } else {
    call.replace('audio', await devices.turnOn('audio'));
  }
  show();
}

devices.addEventListener('lost', event => {
  call.replace(event.detail, null);
  show();
});

// --- the call

let hasCalled = false;
function join() {
  hasCalled = true;
  call.join();
}

call.addEventListener('statechange', show);
call.addEventListener('media', showMedia);
element('join').addEventListener('click', join);
element('again').addEventListener('click', ask);
element('leave').addEventListener('click', () => call.leave());
element('camera').addEventListener('click', toggleCamera);
element('microphone').addEventListener('click', toggleMicrophone);
element('play').addEventListener('click', () => {
  element('play').hidden = true;
  remote.play();
});
element('link').textContent = location.href;
element('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(location.href);
    element('copy').textContent = 'Copied';
    setTimeout(() => { element('copy').textContent = 'Copy'; }, 2000);
  } catch {
    getSelection().selectAllChildren(element('link')); // to be copied by hand
  }
});

// --- full screen, keys, and the bar that hides while nobody moves

function toggleFullScreen() {
  if (document.fullscreenElement ?? document.webkitFullscreenElement) (document.exitFullscreen ?? document.webkitExitFullscreen).call(document);
  else if (stage.requestFullscreen ?? stage.webkitRequestFullscreen) (stage.requestFullscreen ?? stage.webkitRequestFullscreen).call(stage);
  else remote.webkitEnterFullscreen?.();
}

element('fullscreen').addEventListener('click', toggleFullScreen);
document.addEventListener('fullscreenchange', () => {
  element('fullscreen').setAttribute('aria-pressed', String(Boolean(document.fullscreenElement)));
});

const keys = { f: toggleFullScreen, m: toggleMicrophone, c: toggleCamera };
document.addEventListener('keydown', event => {
  if (call.isIn && !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat) keys[event.key]?.();
  wake();
});

let idle = 0;
function wake() {
  root.dataset.idle = 'false';
  clearTimeout(idle);
  idle = setTimeout(() => { root.dataset.idle = 'true'; }, 3000);
}

for (const type of ['pointermove', 'pointerdown', 'focusin']) document.addEventListener(type, wake);
addEventListener('online', () => call.hurry());
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && call.hurry());
addEventListener('pagehide', () => {
  call.leave();
  devices.close();
});
addEventListener('pageshow', event => event.persisted && ask());

root.dataset.ready = 'true'; // boot.js need not worry

window.call = {
  get state() { return root.dataset.state; },
  get detail() { return call.detail; },
  get peerConnection() { return call.peer?.connection ?? null; },
};

if (typeof RTCPeerConnection === 'undefined') {
  isAsking = false;
  call.state = 'error';
  call.detail = 'This browser cannot make calls: WebRTC is missing or switched off. Try a current Chrome, Edge, Firefox or Safari.';
  show();
  element('join').hidden = true;
} else {
  ask();
}
