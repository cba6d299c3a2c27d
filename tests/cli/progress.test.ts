import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createProgress } from '../../cli/progress.ts';
import type { Kernel } from '../../runtime/kernel.ts';

/** A kernel of which only the progress is asked. */
function kernelAt(progress: () => { done: number; total: number; events: number }): Kernel {
  return { progress } as unknown as Kernel;
}

describe('the progress bar', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function run(terminal: boolean, milliseconds: readonly number[]): string {
    let text = '';
    let done = 0;
    const io = {
      stdout: () => {},
      stderr: (chunk: Uint8Array | string) => {
        text += String(chunk);
      },
      env: {},
      terminal: { stdout: terminal, stderr: terminal },
    };
    const bar = createProgress(
      kernelAt(() => ({ done, total: 100, events: done * 1000 })),
      io,
    );
    for (const step of milliseconds) {
      vi.advanceTimersByTime(step);
      done += 25;
      bar.tick();
    }
    bar.clear();
    return text;
  }

  test('waits half a second, tells share, rate and time left, and clears itself', () => {
    const text = run(true, [300, 300, 400]);
    expect(text).not.toContain('25%');
    expect(text).toContain('50%');
    expect(text).toContain('75%');
    expect(text).toContain('75,000 events/s');
    expect(text).toContain('1s left');
    expect(text.endsWith('\r\u001b[K')).toBe(true);
  });

  test('is silent where stderr is no terminal and in short runs', () => {
    expect(run(false, [1000, 1000])).toBe('');
    expect(run(true, [100, 100])).toBe('');
  });
});
