/** The worker thread of `replay-workers.ts`: replays its share, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { engineFor } from '../engines.ts';
import { openRecording } from '../recording/recording.ts';
import { replayShare } from '../replay/replay-share.ts';
import type { ShareProgress } from '../replay/share.ts';
import { nodeDecompressor } from './decompressor.ts';
import { openFileSource } from './file-source.ts';
import type { ShareJob, ShareMessage } from './replay-workers.ts';

/** How often progress is told, and messages are looked for. */
const TURN_MS = 50;

async function main({ path, share, jit }: ShareJob): Promise<void> {
  let isStopped = false;
  parentPort!.on('message', () => {
    isStopped = true;
  });
  let told = performance.now();
  const tell = (message: ShareMessage): void => parentPort!.postMessage(message);
  const between = async (progress: ShareProgress): Promise<boolean> => {
    if (performance.now() - told < TURN_MS) return false;
    told = performance.now();
    tell({ kind: 'progress', progress });
    await new Promise((resolve) => setImmediate(resolve));
    return isStopped;
  };
  const source = openFileSource(path);
  const recording = openRecording(source, { decompressor: nodeDecompressor });
  const result = await replayShare(recording, share, { engine: await engineFor(jit), between });
  source.close();
  tell({ kind: 'result', result });
  parentPort!.close();
}

await main(workerData as ShareJob);
