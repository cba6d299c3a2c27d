import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import { decodeScript, encodeScript } from '../../compiler/object/script-section.ts';
import type { ScriptInfo } from '../../compiler/script-info.ts';
import { nodeDecompressor } from '../../runtime/node/decompressor.ts';
import { openRecording } from '../../runtime/recording/index.ts';
import { recordingInfo } from '../../runtime/recording-info.ts';

const bytes = new Uint8Array(readFileSync(new URL('../data/trace.dat', import.meta.url)));
const kernel = recordingInfo(openRecording(bytes, { decompressor: nodeDecompressor }), 'trace.dat');

function infoOf(text: string): ScriptInfo {
  const result = compile({ source: { name: 't.bt', text }, kernel, target: profileFor(kernel.version) });
  if (result.info === undefined) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  return result.info;
}

const SWITCH = 'tracepoint:sched:sched_switch';

describe('the order of events across CPUs', () => {
  it.each([
    `${SWITCH} { @ = count(); }`,
    `${SWITCH} /args.prev_pid > 5 && cpu == 1/ { @[comm, tid, args.next_comm] = sum(args.next_prio * 2); }`,
    `${SWITCH} { $x = args.next_pid ? 1 : 2; if ($x == 1) { @h = hist($x) } else if ($x == 2) { @l[probe] = lhist(tid, 0, 9, 3); } }`,
    `${SWITCH} { @a = avg(nsecs); @s = stats(args.prev_prio); @lo = min(tid); @hi[(args.prev_pid, 1)] = max(tid); }`,
    `BEGIN { printf("x\\n"); } ${SWITCH} { @ = count(); } END { print(@); printf("%d\\n", (int64)1); clear(@); }`,
    'tracepoint:sched:sched_process_exec { @[str(args.filename)] = count(); }',
  ])('does not matter to %s', (script) => expect(infoOf(script).anyOrder).toBe(true));

  it.each([
    `${SWITCH} { printf("%d\\n", tid); }`,
    `${SWITCH} { @n++; }`,
    `${SWITCH} { @last = nsecs; }`,
    `${SWITCH} { @[tid] = count(); delete(@, tid); }`,
    `${SWITCH} { @x[cpu] = count(); if (@y) { @z = count(); } } tracepoint:sched:sched_wakeup { @y = 1; }`,
    `${SWITCH} { @[pid] = count(); }`,
    `${SWITCH} { @[rand] = count(); }`,
    `${SWITCH} { @[kstack] = count(); }`,
    `${SWITCH} { if (tid == 7) { exit(); } @ = count(); }`,
    `${SWITCH} { @ = count(); print(@); }`,
    `${SWITCH} { @[elapsed] = count(); }`,
    `interval:s:1 { print(@); } ${SWITCH} { @ = count(); }`,
    `BEGIN { @ = count(); } ${SWITCH} { @ = count(); }`,
    `${SWITCH} { @[tid] = count(); } END { for ($kv : @) { printf("%d\\n", (int64)$kv.0); } }`,
    `${SWITCH} { for ($i : 0..3) { @[$i] = count(); } }`,
    `fn f($x: int64): int64 { @n = $x; return 1; } ${SWITCH} { @ = sum(f(1)); }`,
  ])('may matter to %s', (script) => {
    expect(infoOf(script).anyOrder).toBeUndefined();
  });

  it('is kept in object files', () => {
    const data = {
      name: 't',
      target: { release: '6.1', kernel: 'k' },
      needs: [],
      sources: [{ name: 't', text: `${SWITCH} { @ = count(); }` }],
    };
    for (const script of [`${SWITCH} { @ = count(); }`, `${SWITCH} { @n++; }`]) {
      const info = { ...infoOf(script), maps: [] };
      const encoded = encodeScript({ ...data, info, programs: [], functions: [], maps: [] });
      expect(decodeScript(encoded).info.anyOrder).toBe(info.anyOrder);
    }
  });
});
