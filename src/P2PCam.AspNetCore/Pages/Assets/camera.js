// The camera page: choices, words, numbers and buttons around a Capture and a Publisher.

import { Access } from './access.js';
import { CameraSettings } from './camera-settings.js';
import { CameraStatus } from './camera-status.js';
import { Capture, SCREEN } from './capture.js';
import { Publisher } from './publisher.js';
import { ScreenLock } from './screen-lock.js';
import { showLinks } from './watch-links.js';

const root = document.documentElement;
const element = id => document.getElementById(id);
const { stream, base } = root.dataset;
const address = path => new URL(`${base}/${path}`, location.href);
const access = new Access(`camera/${stream}`);
const settings = new CameraSettings(stream);
const status = new CameraStatus(address(`camera/${stream}/status`), () => access.token);
const capture = new Capture();
const publisher = new Publisher(address(`whip/${stream}`), stream, () => access.token);
const screenLock = new ScreenLock();
const NEEDS_LINK = ['P2P3104', 'P2P3314'];
let isAsking = false;

const words = {
  asking: ['Camera', 'The browser asks whether this page may use the camera.'],
  choosing: ['Screen', 'The browser asks which screen or window to share.'],
  ready: ['Ready', 'Nobody sees this picture yet.'],
  absent: ['No camera', 'It was unplugged or taken by the system.'],
  screen: ['Ready', 'Press Start and choose which screen or window to share.'],
  connecting: ['Connecting', 'The picture goes on air in a moment.'],
  live: ['On air', 'Whoever watches sees this picture. Leave this page open and in front.'],
  reconnecting: ['Reconnecting', 'The connection was lost. Trying again.'],
  waiting: ['The camera went away', 'It was unplugged or taken by the system. As soon as it is back, so is the picture, by itself.'],
  busy: ['Another camera is on air', 'You can take over: viewers then see your picture instead.'],
  refused: ['Not permitted', 'Only the computer that runs P2PCam, or somebody with the link for cameras that it prints, may be the camera.'],
};

function currentState() {
  if (isAsking && !publisher.isOn) return settings.source === SCREEN ? 'choosing' : 'asking';
  if (publisher.state === 'refused' || (status.refusal && !publisher.isOn)) return 'refused';
  if (publisher.state !== 'idle') return publisher.state;
  if (capture.track) return 'ready';
  if (capture.problem) return 'blocked';
  if (settings.source === SCREEN) return 'screen';
  return settings.isOnAir ? 'waiting' : 'absent';
}

function show() {
  const state = currentState();
  root.dataset.state = state;
  root.dataset.picture = capture.track ? 'shown' : 'none';
  const [headline, usual] = words[state] ?? [capture.problem.headline, capture.problem.words];
  setText('headline', headlineOf(state) || headline);
  setText('explanation', explanation(state) || usual);
  setText('badge-text', ['live', 'connecting', 'reconnecting'].includes(state) ? headline : 'Not on air');

  const start = element('start');
  start.hidden = ['asking', 'choosing', 'blocked', 'refused'].includes(state);
  start.textContent = state === 'busy' ? 'Take over …' : settings.isOnAir ? 'Stop' : 'Start';
  start.classList.toggle('stop', settings.isOnAir);
  element('again').hidden = state === 'refused' ? false : state !== 'blocked' || !capture.problem.canRetry;
  const https = state === 'blocked' ? capture.problem.https : null;
  element('https').hidden = !https;
  if (https) element('https').href = https;
  element('choices').hidden = Boolean(https) || state === 'refused';
  showNumbers(state);
  screenLock.hold(settings.isOnAir);
  document.title = state === 'live' ? `● ${document.body.dataset.title}` : `${element('headline').textContent} – ${document.body.dataset.title}`;
}

function headlineOf(state) {
  if (state === 'busy' && publisher.wasLive) return 'Another camera has taken over';
  return state === 'refused' && status.refusal?.status === 404 ? 'No browser wanted' : '';
}

function explanation(state) {
  switch (state) {
    case 'reconnecting':
      return publisher.detail;
    case 'refused':
      return NEEDS_LINK.includes(status.refusal?.code) ? '' : publisher.detail || (status.refusal?.code && status.refusal.message);
    case 'busy':
      return publisher.wasLive ? 'Viewers see its picture now. You can take over again.' : '';
    case 'ready':
      return `${endedSharing ? 'Sharing the screen has ended. ' : ''}Nobody sees this picture yet.${waiting()}`;
    case 'screen':
      return endedSharing ? 'Sharing the screen has ended.' : '';
    default:
      return '';
  }
}

const waiting = () => !status.viewers ? '' : status.viewers === 1 ? ' One viewer is waiting.' : ` ${status.viewers} viewers are waiting.`;

/** Only what changed is said by screen readers. */
function setText(id, text) {
  if (element(id).textContent !== text) element(id).textContent = text;
}

function showNumbers(state) {
  const live = state === 'live';
  const s = publisher.latest;
  element('numbers').hidden = !['live', 'reconnecting'].includes(state);
  setText('viewers', status.viewers === null ? '–' : String(status.viewers));
  setText('bitrate', live && s ? bitrate(s.bitrate) : '–');
  setText('size', live && s?.width ? `${s.width} × ${s.height}` : '–');
  setText('fps', live && s ? `${Math.round(s.framesPerSecond)} fps` : '–');
  setText('codec', live && s?.codec ? s.codec.replace('video/', '') : '–');
  const limit = live ? limitWords(s) : '';
  element('limit').hidden = !limit;
  setText('limit', limit);
  showLinks(element('watch'), element('links'), watchLinks());
}

/** What the host lists, and the way by which this page was opened if the host knows nothing of it: through a proxy, it leads others here as well. */
function watchLinks() {
  const own = address(stream === 'default' ? '' : `s/${stream}`);
  const isListed = status.watch.some(link => withoutSlash(link) === withoutSlash(own.href));
  return status.watch.length > 0 && (isListed || isLoopback(own.hostname)) ? status.watch : [...status.watch, own.href];
}

const withoutSlash = link => new URL(link).href.replace(/\/$/, '');
const isLoopback = host => host === 'localhost' || host === '[::1]' || /^127\./.test(host);

const LIMIT_PATIENCE = 15000; // until then the bit rate may just be growing

function limitWords(s) {
  if (!s || s.limitedFor < LIMIT_PATIENCE) return '';
  if (s.limitedBy === 'cpu') return 'This device is busy: the picture is smaller or slower than chosen.';
  // Browsers say the same where it is only this page's own limit that is reached.
  const isNetwork = s.limitedBy === 'bandwidth' && s.availableBitrate !== null && s.availableBitrate < settings.limits.maxBitrate;
  return isNetwork ? 'The network is slow at the moment: the picture is smaller or slower than chosen.' : '';
}

const bitrate = bits => bits >= 1e6 ? `${(bits / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bits / 1e3)} kbit/s`;

// --- what is sent

let endedSharing = false;

async function openCapture() {
  isAsking = true;
  endedSharing = false;
  show();
  const isOpen = await capture.open(settings.wish);
  isAsking = false;
  if (capture.track) settings.source = capture.source; // the one of before, if the new one cannot be had
  showSources();
  return isOpen;
}

function showSources() {
  const select = element('source');
  const named = capture.cameras.map((camera, i) => new Option(camera.label || `Camera ${i + 1}`, camera.deviceId));
  if (named.length === 0) named.push(new Option('Camera', ''));
  if (capture.canShareScreen) named.push(new Option('Screen or window …', SCREEN));
  select.replaceChildren(...named);
  select.value = capture.source || settings.source;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
}

async function choose() {
  const [width, height] = element('resolution').value.split('x').map(Number);
  const isOther = settings.source !== element('source').value;
  Object.assign(settings, { source: element('source').value, width, height, frameRate: Number(element('rate').value), hint: element('content-hint').value });
  settings.save();
  publisher.limit(settings.limits);
  if (capture.track && !isOther && settings.source === SCREEN) {
    await capture.adjust(settings.wish); // without asking again which screen
  } else {
    await openCapture();
  }
  proceed();
}

/** There is a picture, or another one: it goes on air if it should. */
async function proceed() {
  settings.save();
  if (!capture.track && publisher.isOn) publisher.stop();
  show();
  if (!settings.isOnAir || !capture.track) return;
  if (publisher.isOn) await publisher.replace(capture.track);
  else if (publisher.state === 'idle') publisher.start(capture.track, { patient: true });
}

function showPreview() {
  const preview = element('preview');
  preview.srcObject = capture.track ? new MediaStream([capture.track]) : null;
  if (capture.track) preview.play().catch(() => {});
  show();
}

// --- on air

async function toggle() {
  if (publisher.state === 'busy') {
    element('takeover').showModal();
  } else if (settings.isOnAir) {
    settings.isOnAir = false;
    settings.save();
    publisher.stop();
    if (settings.source === SCREEN) capture.close();
    show();
  } else if (capture.track || await openCapture()) {
    goOnAir({});
  } else {
    show();
  }
}

function goOnAir(options) {
  settings.isOnAir = true;
  settings.save();
  status.forget();
  publisher.limit(settings.limits);
  publisher.start(capture.track, options);
}

function answerTakeOver(yes) {
  element('takeover').close();
  if (yes && publisher.state === 'busy' && capture.track) goOnAir({ takeOver: true });
}

let asked = false; // whether a person has just pressed Start
publisher.addEventListener('statechange', () => {
  if (publisher.state === 'live') {
    access.keep();
    status.forget();
    status.ask();
  }
  if (['busy', 'refused'].includes(publisher.state)) {
    // Never by itself from here on: somebody else is on air, or this page may not be.
    settings.isOnAir = false;
    settings.save();
    if (publisher.state === 'busy' && asked) element('takeover').showModal();
  }
  if (publisher.state !== 'connecting') asked = false;
  show();
});

capture.addEventListener('change', showPreview);
capture.addEventListener('cameras', showSources);
capture.addEventListener('back', () => {
  settings.source = capture.source;
  proceed();
});
capture.addEventListener('lost', event => {
  endedSharing = event.detail === SCREEN;
  // Who ends sharing means to; who loses a camera does not.
  if (endedSharing) settings.isOnAir = false;
  settings.save();
  if (publisher.state !== 'busy') publisher.stop();
  show();
});

// --- the page

async function begin() {
  // Whoever may not be the camera need not be asked for one.
  await status.ask();
  if (status.refusal) {
    show();
  } else if (settings.source === SCREEN && !capture.problem) {
    settings.isOnAir = false; // browsers share a screen only after a click
    show();
  } else {
    if (!capture.track) await openCapture();
    proceed();
  }
}

element('start').addEventListener('click', () => {
  asked = true;
  toggle();
});
element('again').addEventListener('click', () => {
  if (publisher.state === 'refused') publisher.stop();
  begin();
});
element('takeover-yes').addEventListener('click', () => answerTakeOver(true));
element('takeover-no').addEventListener('click', () => answerTakeOver(false));
element('choices').addEventListener('change', choose);
element('choices').addEventListener('submit', event => event.preventDefault());
status.addEventListener('change', () => {
  if (status.isWithoutPublisher) publisher.doubt();
  if (status.betterCodec) publisher.changeCodec(status.betterCodec);
  show();
});

addEventListener('online', () => publisher.hurry());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') {
    publisher.hurry();
    status.ask();
  }
});
addEventListener('pagehide', () => publisher.leave());
addEventListener('pageshow', event => event.persisted && proceed());

let seconds = 0;
setInterval(async () => {
  if (seconds++ % 2 === 0) status.ask();
  await publisher.check();
  showNumbers(currentState());
}, 1000);

window.p2pcam = {
  get state() { return root.dataset.state; },
  get detail() { return element('explanation').textContent; },
  get peerConnection() { return publisher.peerConnection; },
  getStats: async () => ({ state: root.dataset.state, viewers: status.viewers, ...await publisher.getStats() }),
};

element('resolution').value = `${settings.width}x${settings.height}`;
element('rate').value = String(settings.frameRate);
element('content-hint').value = settings.hint;
publisher.limit(settings.limits);
showSources();
root.dataset.ready = 'true'; // boot.js need not worry
begin();
