/** Worker threads that replay shares of a trace.dat file, each with the file open for itself. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { EngineChoice } from '../engines.ts';
import { isTraceDat } from '../recording/file-header.ts';
import type { ReplayShare, ShareProgress, ShareResult } from '../replay/share.ts';
import type { ReplaySharing } from '../replay/shared-replay.ts';

/** What a worker is started with. */
export interface ShareJob {
  readonly path: string;
  readonly share: ReplayShare;
  readonly jit: EngineChoice;
}

export type ShareMessage =
  | { readonly kind: 'progress'; readonly progress: ShareProgress }
  | { readonly kind: 'result'; readonly result: ShareResult };

/** Undefined for what is no file of its own that can be opened again: a pipe, a compressed file. */
export function replayWorkers(
  path: string,
  jit: EngineChoice,
  { shares, leastBytes }: Pick<ReplaySharing, 'shares' | 'leastBytes'>,
): ReplaySharing | undefined {
  if (!isFile(path)) return undefined;
  return {
    shares,
    leastBytes,
    run: (share, stop, onProgress) => runWorker({ path, share, jit }, stop, onProgress),
  };
}

function isFile(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const start = new Uint8Array(16);
    return fstatSync(file).isFile() && isTraceDat(start.subarray(0, readSync(file, start, 0, 16, 0)));
  } finally {
    closeSync(file);
  }
}

function runWorker(
  job: ShareJob,
  stop: Promise<void>,
  onProgress: (progress: ShareProgress) => void,
): Promise<ShareResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile(), { workerData: job });
    void stop.then(() => worker.postMessage('stop'));
    worker.on('message', (message: ShareMessage) => {
      if (message.kind === 'progress') onProgress(message.progress);
      else resolve(message.result);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`a worker ended with ${code}`)));
  });
}

/** Bundled, this file is a chunk in a folder beside the worker's. */
function workerFile(): URL {
  const here = import.meta.url;
  return here.endsWith('.ts') ? new URL('./replay-worker.ts', here) : new URL('../replay-worker.js', here);
}
