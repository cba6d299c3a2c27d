/** The progress bar of a long replay: on stderr, at a terminal only, and only once the run has lasted a while. */
import type { Kernel } from '../runtime/kernel.ts';
import type { CliIo } from './io.ts';

const FIRST_AFTER_MS = 500;
const EVERY_MS = 100;
const WIDTH = 30;

export interface Progress {
  tick(): void;
  clear(): void;
}

const NONE: Progress = { tick(): void {}, clear(): void {} };

export function createProgress(kernel: Kernel, io: CliIo): Progress {
  if (kernel.progress === undefined) return NONE;
  const started = performance.now();
  let drawnAt = started + FIRST_AFTER_MS - EVERY_MS;
  let drawn = false;
  return {
    tick(): void {
      const now = performance.now();
      if (now - drawnAt < EVERY_MS) return;
      drawnAt = now;
      if (io.terminal?.stderr !== true) return;
      drawn = true;
      io.stderr(`\r${bar(kernel, (now - started) / 1000)}\u001b[K`);
    },
    clear(): void {
      if (drawn) io.stderr('\r\u001b[K');
    },
  };
}

function bar(kernel: Kernel, seconds: number): string {
  const { done, total, events } = kernel.progress?.() ?? { done: 0, total: 0, events: 0 };
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const filled = Math.round(share * WIDTH);
  const rate = Math.round(events / Math.max(seconds, 0.001)).toLocaleString('en-US');
  const left = share > 0 ? `${Math.ceil((seconds * (1 - share)) / share)}s left` : '';
  return `[${'#'.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${Math.floor(share * 100)}% ${rate} events/s ${left}`;
}
