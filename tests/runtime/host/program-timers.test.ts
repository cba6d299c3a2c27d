/** Timers that programs start fire in the time of the kernel they run in, between its own events. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AttachPoint } from '../../../bpf/attach-point.ts';
import type { Kernel, OutputConsumer } from '../../../runtime/kernel.ts';
import { nodeDecompressor } from '../../../runtime/node/decompressor.ts';
import { openRecording } from '../../../runtime/recording/index.ts';
import { createRecordingKernel } from '../../../runtime/recording-kernel.ts';
import { createSimKernel } from '../../../runtime/sim/sim-kernel.ts';
import { assembled } from '../../vm/assembly.ts';

const TELL = (
  what: string,
): string => `call bpf_ktime_get_ns\n*(u64 *)(r10 - 24) = r0\n*(u64 *)(r10 - 16) = ${what}
  r1 = map[out]\nr2 = r10\nr2 += -24\nr3 = 16\nr4 = 0\ncall bpf_ringbuf_output\n`;

/** Each run tells the time and starts the timer anew, which tells it `delay` later, `times` in a row. */
const source = (delay: number, times: number): string => `.map out ringbuf key=0 value=0 entries=65536
  .map t array key=4 value=24 entries=1\n.program main raw_tp/x
  ${TELL('0')}
  r1 = map[t][0]+0\n*(u64 *)(r1 + 16) = ${times}\nr2 = map[t]\nr3 = 1\ncall bpf_timer_init
  r1 = map[t][0]+0\nr2 = func[cb]\ncall bpf_timer_set_callback
  r1 = map[t][0]+0\nr2 = ${delay}\nr3 = 0\ncall bpf_timer_start\nr0 = 0\nexit
  .func cb\nr6 = r3\n${TELL('1')}
  r1 = *(u64 *)(r6 + 16)\nr1 -= 1\n*(u64 *)(r6 + 16) = r1\nif r1 == 0 goto done
  r1 = r6\nr2 = ${delay}\nr3 = 0\ncall bpf_timer_start
  done:\nr0 = 0\nexit`;

interface Told {
  readonly time: number;
  readonly isTimer: boolean;
}

async function run(kernel: Kernel, text: string, periodNs: number): Promise<readonly Told[]> {
  const told: Told[] = [];
  const point: AttachPoint = { kind: 'interval', periodNs };
  const object = assembled(text);
  await kernel.load(object);
  await kernel.attach(object.programs[0]!, point, 'out');
  const output: OutputConsumer = {
    record(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      told.push({
        time: Number(view.getBigUint64(0, true)),
        isTimer: view.getUint32(8, true) === 1,
      });
    },
    lost: () => {},
    warning: (message) => {
      throw new Error(message);
    },
    stopped: false,
  };
  while ((await kernel.pump(output)) === 'more');
  return told;
}

function check(told: readonly Told[], delay: number, times: number, runs: number): void {
  const starts = told.filter((one) => !one.isTimer);
  expect(starts.length).toBeGreaterThanOrEqual(runs);
  for (const { time } of starts.slice(0, -1)) {
    const at = told.findIndex((one) => one.time === time);
    const after = told.slice(at + 1, at + 1 + times);
    expect(after).toEqual(
      Array.from({ length: times }, (_, index) => ({ time: time + delay * (index + 1), isTimer: true })),
    );
  }
}

describe('timers of programs', () => {
  test('in the simulated kernel', async () => {
    const kernel = createSimKernel({ durationNs: 50_000_000 });
    check(await run(kernel, source(1_000_000, 3), 10_000_000), 1_000_000, 3, 5);
  });

  test('in a recording', async () => {
    const file = readFileSync(new URL('../../data/trace.dat', import.meta.url));
    const recording = openRecording(new Uint8Array(file), { decompressor: nodeDecompressor });
    const kernel = createRecordingKernel(recording, { name: 'trace.dat' });
    check(await run(kernel, source(7_000_000, 4), 100_000_000), 7_000_000, 4, 4);
  });
});
