// What was chosen on the camera page, kept in this browser: whoever opens the page again, after a restart of the browser or the
// computer, is back on air without a click if they were on air before.

const MAX_BITRATE = { 360: 1_500_000, 720: 3_000_000, 1080: 6_000_000 };

export class CameraSettings {
  #key;

  source = ''; // a deviceId, 'screen', or the browser's choice
  width = 1280;
  height = 720;
  frameRate = 30;
  hint = 'motion';
  isOnAir = false;

  constructor(stream) {
    this.#key = `p2pcam-camera-${stream}`;
    const { source, width, height, frameRate, hint, isOnAir } = this.#load();
    if (typeof source === 'string') this.source = source;
    if (height in MAX_BITRATE && width > 0) [this.width, this.height] = [width, height];
    if ([15, 30, 60].includes(frameRate)) this.frameRate = frameRate;
    if (['motion', 'detail'].includes(hint)) this.hint = hint;
    this.isOnAir = isOnAir === true;
  }

  get wish() {
    const { source, width, height, frameRate, hint } = this;
    return { source, width, height, frameRate, hint };
  }

  get limits() {
    return { maxBitrate: MAX_BITRATE[this.height] * (this.frameRate > 30 ? 1.5 : 1), maxFramerate: this.frameRate };
  }

  save() {
    try {
      localStorage.setItem(this.#key, JSON.stringify({ ...this.wish, isOnAir: this.isOnAir }));
    } catch {
      // Not in every private window.
    }
  }

  #load() {
    try {
      return JSON.parse(localStorage.getItem(this.#key)) ?? {};
    } catch {
      return {};
    }
  }
}
