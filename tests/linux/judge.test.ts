import { describe, expect, test } from 'vitest';
import type { Case } from '../../verifier/case/case.ts';
import { judge, judgeProblem } from './judge.ts';

const problem = judgeProblem();
if (problem !== undefined) console.log(`judging by this machine's kernel skipped: ${problem}`);

const EXIT = '9500000000000000';
const ARRAY = { type: 'array', keySize: 4, valueSize: 8, maxEntries: 1, flags: 0 } as const;

function caseOf(id: string, insns: string, more: Partial<Case> = {}): Case {
  return {
    id,
    programType: 'socket_filter',
    flags: 0,
    license: 'GPL',
    insns: Uint8Array.fromHex(insns + EXIT),
    maps: [],
    mapUses: [],
    kfuncs: [],
    ksyms: [],
    runs: [],
    ...more,
  };
}

describe.skipIf(problem !== undefined)('Linux', () => {
  const zero = 'b700000000000000';
  /** r0 = *(u64 *)(first value of map + 0) */
  const value = `18220000000000000000000000000000${'7920000000000000'}`;

  test('accepts and refuses, says why and where', async () => {
    const [good, bad, mute] = await judge([
      caseOf('good', zero),
      caseOf('bad', `${zero}7912000000000000`),
      caseOf('unknown attach type', zero, { programType: 'cgroup_skb', attachType: 'xdp' }),
    ]);
    expect(good).toMatchObject({ id: 'good', ok: true, errno: 0, processed: 2 });
    expect(bad).toMatchObject({ ok: false, errno: 13, insn: 1, processed: 2 });
    expect(bad!.messages).toEqual(['invalid bpf_context access off=0 size=8']);
    expect(mute).toMatchObject({ ok: false, errno: 22, messages: [] });
  });

  test('makes maps with their contents', async () => {
    const use = { mapUses: [{ slot: 0, map: 0 }] };
    const frozen = { ...ARRAY, flags: 0x80, data: Uint8Array.of(7), frozen: true };
    const [plain, constant] = await judge(
      [
        caseOf('plain', value, { ...use, maps: [ARRAY] }),
        caseOf('constant', value, { ...use, maps: [frozen] }),
      ],
      { logLevel: 2 },
    );
    expect(plain!.log).toMatch(/R0=scalar\(\)/);
    expect(constant!.log).toMatch(/R0=7/);
  });

  test('finds what programs name in the kernel', async () => {
    const call = '8520000000000000';
    const [known, unknown] = await judge([
      caseOf('known', `${call}b700000000000000`, {
        kfuncs: [{ slot: 0, name: 'bpf_rcu_read_lock' }],
        programType: 'raw_tracepoint',
      }),
      caseOf('unknown', call, { kfuncs: [{ slot: 0, name: 'no_such_function' }] }),
    ]);
    expect(known!.messages.join()).toMatch(/bpf_rcu_read_lock|rcu/);
    expect(unknown).toMatchObject({ ok: false });
    const [target, none] = await judge([
      caseOf('target', zero, {
        programType: 'tracing',
        attachType: 'trace_raw_tp',
        attachBtf: { name: 'btf_trace_sched_switch', kind: 'typedef' },
      }),
      caseOf('none', zero, {
        programType: 'tracing',
        attachType: 'trace_raw_tp',
        attachBtf: { name: 'x', kind: 'func' },
      }),
    ]);
    expect(target).toMatchObject({ ok: true });
    expect(none).toMatchObject({ ok: null, unjudged: expect.stringContaining('no such function') });
  });

  test('gives up a load that takes too long', async () => {
    // r6 = 300000 · while (--r6) — walked turn by turn.
    const loop = 'b7060000e093040007060000ffffffff5506feff00000000';
    const [slow] = await judge([caseOf('slow', `${loop}${zero}`)], { seconds: 0.03 });
    expect(slow).toMatchObject({ ok: null, unjudged: expect.stringContaining('longer than the limit') });
  });

  test('judges a thousand cases a second', async () => {
    const many = Array.from({ length: 2500 }, (_, index) => caseOf(`#${index}`, index % 2 === 0 ? zero : ''));
    const answers = await judge(many);
    expect(answers.map(({ id, ok }) => `${id} ${ok}`)).toEqual(
      many.map(({ id }, index) => `${id} ${index % 2 === 0}`),
    );
  });
});
