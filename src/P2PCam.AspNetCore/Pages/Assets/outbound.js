// What is being sent, in numbers.

import { isSelected } from './statistics.js';

export class OutboundStatistics {
  #last = null;
  #limited = { by: 'none', since: 0 };
  #bitrate = 0;

  /** Call it about once a second: bits per second are since the call before. */
  async sample(connection) {
    const now = await read(connection);
    const last = this.#last;
    this.#last = now;
    this.#bitrate = last?.connection === connection && now.timestamp > last.timestamp
      ? Math.max(0, (now.bytesSent - last.bytesSent) * 8000 / (now.timestamp - last.timestamp)) : 0;
    now.bitrate = this.#bitrate;
    if (now.limitedBy !== this.#limited.by) this.#limited = { by: now.limitedBy, since: performance.now() };
    now.limitedFor = performance.now() - this.#limited.since; // the first seconds of each session are, until its bit rate has grown
    return now;
  }

  /** The counters of this moment, with the rate of the last sample. */
  async now(connection) {
    return { ...await read(connection), bitrate: this.#bitrate };
  }
}

async function read(connection) {
  const result = {
    connection, timestamp: performance.now(), bitrate: 0, bytesSent: 0, width: 0, height: 0, framesPerSecond: 0, framesEncoded: 0, keyFramesEncoded: 0, codec: null,
    encoder: null, limitedBy: 'none', nackCount: 0, pliCount: 0, fractionLost: 0, availableBitrate: null, roundTripTime: null,
  };
  if (!connection) return result;
  const report = await connection.getStats();
  for (const stats of report.values()) {
    if (stats.type === 'outbound-rtp' && stats.kind === 'video') {
      result.timestamp = stats.timestamp;
      for (const name of ['bytesSent', 'framesEncoded', 'keyFramesEncoded', 'nackCount', 'pliCount']) result[name] += stats[name] ?? 0;
      // Of several layers the largest one speaks.
      if ((stats.frameHeight ?? 0) < result.height) continue;
      result.width = stats.frameWidth ?? 0;
      result.height = stats.frameHeight ?? 0;
      result.framesPerSecond = stats.framesPerSecond ?? 0;
      result.codec = report.get(stats.codecId)?.mimeType ?? null;
      result.encoder = stats.encoderImplementation ?? null;
      result.limitedBy = stats.qualityLimitationReason ?? 'none';
    } else if (stats.type === 'remote-inbound-rtp' && stats.kind === 'video') {
      result.fractionLost = stats.fractionLost ?? 0;
    } else if (stats.type === 'candidate-pair' && isSelected(stats, report)) {
      result.availableBitrate = stats.availableOutgoingBitrate ?? null;
      result.roundTripTime = stats.currentRoundTripTime ?? null;
    }
  }
  return result;
}
