// Turns getStats() reports into the few numbers that people and tests ask for.

export class Statistics {
  #last = null;
  #rates = { bitrate: 0, framesPerSecond: 0 };

  /** Bits and frames per second since the sample before; call it about once a second. */
  async sample(connection) {
    const now = await read(connection);
    const last = this.#last;
    this.#last = now;
    // The counters start anew with each connection.
    if (last && last.connection === now.connection && now.timestamp > last.timestamp) {
      const seconds = (now.timestamp - last.timestamp) / 1000;
      this.#rates = {
        bitrate: Math.max(0, (now.bytesReceived - last.bytesReceived) * 8 / seconds),
        framesPerSecond: Math.max(0, (now.framesDecoded - last.framesDecoded) / seconds),
      };
    } else {
      this.#rates = { bitrate: 0, framesPerSecond: 0 };
    }
    return { ...now, ...this.#rates };
  }

  /** The counters of this moment, with the rates of the last sample. */
  async now(connection) {
    return { ...await read(connection), ...this.#rates };
  }
}

async function read(connection) {
  const result = {
    connection, timestamp: performance.now(), width: 0, height: 0, framesReceived: 0, framesDecoded: 0, framesDropped: 0, keyFramesDecoded: 0, bytesReceived: 0,
    packetsReceived: 0, packetsLost: 0, nackCount: 0, pliCount: 0, freezeCount: 0, totalFreezesDuration: 0, jitter: 0, jitterBufferDelayMs: 0,
    roundTripTime: null, codec: null, localCandidateType: null, remoteCandidateType: null,
  };
  if (!connection) return result;
  const report = await connection.getStats();
  for (const stats of report.values()) {
    if (stats.type === 'inbound-rtp' && stats.kind === 'video') {
      result.timestamp = stats.timestamp;
      result.width = stats.frameWidth ?? 0;
      result.height = stats.frameHeight ?? 0;
      result.codec = report.get(stats.codecId)?.mimeType ?? null;
      if (stats.jitterBufferEmittedCount > 0) result.jitterBufferDelayMs = 1000 * stats.jitterBufferDelay / stats.jitterBufferEmittedCount;
      for (const name of ['framesReceived', 'framesDecoded', 'framesDropped', 'keyFramesDecoded', 'bytesReceived', 'packetsReceived', 'packetsLost',
        'nackCount', 'pliCount', 'freezeCount', 'totalFreezesDuration', 'jitter']) {
        result[name] = stats[name] ?? 0;
      }
    } else if (stats.type === 'candidate-pair' && isSelected(stats, report)) {
      result.roundTripTime = stats.currentRoundTripTime ?? null;
      result.localCandidateType = report.get(stats.localCandidateId)?.candidateType ?? null;
      result.remoteCandidateType = report.get(stats.remoteCandidateId)?.candidateType ?? null;
    }
  }
  return result;
}

export function isSelected(pair, report) {
  for (const stats of report.values()) {
    if (stats.type === 'transport' && stats.selectedCandidatePairId) return stats.selectedCandidatePairId === pair.id;
  }
  return pair.selected === true || (pair.nominated && pair.state === 'succeeded');
}
