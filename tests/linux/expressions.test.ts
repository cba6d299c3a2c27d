/** An expression has the same value in this machine's kernel as when it folds (tests/language/expressions.test.ts). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NEWEST_RELEASE, profileFor } from '../../bpf/profiles/index.ts';
import { compile } from '../../compiler/compile.ts';
import { createSimKernel } from '../../runtime/sim/sim-kernel.ts';
import { difference, expressionScript } from '../generators/expression-script.ts';
import { LinuxBpf } from './bpf-syscall.ts';

const FIRST = 1000;
const SCRIPTS = 40;
const EXPRESSIONS = 40;

const reason = LinuxBpf.reason();

describe.skipIf(reason !== undefined)('random expressions', () => {
  let bpf: LinuxBpf;
  beforeAll(async () => {
    bpf = await LinuxBpf.start();
  });
  afterAll(() => bpf.close());

  async function run(text: string): Promise<ReadonlyMap<number, bigint>> {
    const kernel = createSimKernel({ seed: 1, cpus: 2 }).describe();
    const source = { name: 'stdin', text };
    const made = compile({ source, kernel, target: profileFor(NEWEST_RELEASE), env: {} });
    const object = made.object!;
    const maps = await bpf.createMaps(object);
    // Programs of begin probes are raw tracepoint programs: the kernel runs them for a test.
    const loaded = await bpf.loadProgram(object, object.programs[0]!.name, maps);
    expect(loaded.ok, loaded.log.slice(-2000)).toBe(true);
    await bpf.testRun(loaded.program!);
    const results = await bpf.dump(maps.get('@r')!);
    return new Map([...results].map(([key, value]) => [littleEndian(key), unsigned(value)]));
  }

  test.each(Array.from({ length: SCRIPTS }, (_, index) => FIRST + index))(`seed %i`, async (seed) => {
    const script = expressionScript(seed, EXPRESSIONS);
    expect(difference(script, await run(script.text))).toBeUndefined();
  });
});

function littleEndian(hex: string): number {
  return Number(unsigned(hex));
}

function unsigned(hex: string): bigint {
  return Uint8Array.fromHex(hex).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
