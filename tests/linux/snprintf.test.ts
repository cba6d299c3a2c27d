/** The formatter of `bpf_snprintf` and `bpf_trace_printk`: the interpreter's bytes are those of this machine's kernel. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { splitWide } from '../../bpf/build/index.ts';
import { helper } from '../../bpf/helpers/lookup.ts';
import type { Instruction, Register } from '../../bpf/instruction.ts';
import { MapFlags } from '../../bpf/maps.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { createMachine } from '../../vm/index.ts';
import { seededRandom } from '../fuzz/bytes.ts';
import { insn, map, object, SMALL, wide } from '../vm/support.ts';
import { type Handle, hex, LinuxBpf } from './bpf-syscall.ts';

const reason = LinuxBpf.reason();
if (reason !== undefined) console.log(`skipped, ${reason}: snprintf against the kernel`);

/** A number, or a text in the constants. */
type Value = bigint | string;

interface Call {
  readonly format: string;
  readonly values: readonly Value[];
  /** Bytes of the text's buffer. */
  readonly size?: number;
}

const OUT = 1024;

/** As long as an address, or longer. */
const LONG: readonly string[] = ['sixteen bytes it', 'a longer text of thirty bytes..'];

/** Writes what `bpf_snprintf` returns and the text to the map `out`. */
function program({ format, values, size = OUT - 8 }: Call): BpfObject {
  const texts = [format, ...values.filter((value) => typeof value === 'string')];
  const constants = Buffer.from(`${texts.join('\0')}\0`, 'latin1');
  const offsetOf = (index: number): number =>
    texts.slice(0, index).reduce((sum, text) => sum + text.length + 1, 0);
  let text = 0;
  const stored = values.flatMap((value, index) => {
    const load = typeof value === 'string' ? address(1, 'constants', offsetOf(++text)) : wide(1, value);
    return [load, insn('stx64', { dst: 10, src: 1, off: (index - values.length) * 8 })];
  });
  const main: readonly Instruction[] = [
    ...stored,
    address(1, 'out', 8),
    insn('mov64_k', { dst: 2, imm: size }),
    address(3, 'constants', 0),
    insn('mov64_x', { dst: 4, src: 10 }),
    insn('add64_k', { dst: 4, imm: -values.length * 8 }),
    ...(values.length === 0 ? [insn('mov64_k', { dst: 4 })] : []),
    insn('mov64_k', { dst: 5, imm: values.length * 8 }),
    insn('call', { imm: helper('snprintf').id }),
    address(1, 'out', 0),
    insn('stx64', { dst: 1, src: 0 }),
    insn('mov64_k', { dst: 0 }),
    insn('exit'),
  ];
  const maps = [
    map('array', 4, OUT, 1, { name: 'out' }),
    map('array', 4, constants.length, 1, { name: 'constants', flags: MapFlags.RDONLY_PROG }),
  ];
  return object(main, [], maps, new Map([['constants', new Uint8Array(constants)]]));
}

function address(dst: Register, name: string, offset: number): Instruction {
  return insn('lddw', { dst, ...splitWide(0n), ref: { kind: 'map-value', name, offset } });
}

describe.skipIf(reason !== undefined)('bpf_snprintf = kernel', () => {
  let kernel: LinuxBpf;
  beforeAll(async () => {
    kernel = await LinuxBpf.start();
  });
  afterAll(() => kernel.close());

  /** The map `out`, or that the verifier refuses the format. */
  async function onKernel(call: Call): Promise<string> {
    const loaded = program(call);
    const maps = await kernel.createMaps(loaded);
    await kernel.freeze(maps.get('constants')!);
    const answer = await kernel.loadProgram(loaded, 'main', maps);
    if (!answer.ok) {
      if (answer.log.includes('Invalid format string')) return 'refused';
      throw new Error(`errno ${answer.errno} for ${JSON.stringify(call.format)}:\n${answer.log}`);
    }
    await kernel.testRun(answer.program!, { context: new Uint8Array(16) });
    await kernel.unload(answer.program!);
    return [...(await kernel.dump(maps.get('out') as Handle)).values()][0]!;
  }

  function onMachine(call: Call): string {
    const machine = createMachine(SMALL);
    const image = machine.load(program(call));
    machine.run(image.programs.get('main')!, 0, 0);
    const [entry] = [...image.maps.get('out')!.entries()];
    return new DataView(entry!.value.buffer, entry!.value.byteOffset).getBigInt64(0, true) === -22n
      ? 'refused'
      : hex(entry!.value);
  }

  async function same(call: Call): Promise<string> {
    const ours = onMachine(call);
    expect(readable(ours), JSON.stringify(call, bigText)).toBe(readable(await onKernel(call)));
    return ours;
  }

  const NUMBERS = [
    0n,
    1n,
    -1n,
    42n,
    2n ** 31n,
    -(2n ** 31n),
    2n ** 32n + 7n,
    2n ** 63n,
    -12345678901n,
    0xffff888012345678n,
  ];
  const CONVERSIONS = [
    'd',
    'i',
    'u',
    'x',
    'X',
    'ld',
    'li',
    'lu',
    'lx',
    'lX',
    'lld',
    'lli',
    'llu',
    'llx',
    'llX',
    'c',
    'px',
  ];
  const WIDTHS = [
    '',
    '1',
    '5',
    '20',
    '05',
    '020',
    '-5',
    '-20',
    '+',
    '+5',
    ' ',
    ' 5',
    '0',
    '-',
    '-05',
    '0-5',
    '+ 05',
    '+-12',
  ];

  test.each(CONVERSIONS)('numbers as %%%s', async (conversion) => {
    for (const width of WIDTHS) {
      for (let at = 0; at < NUMBERS.length; at += 5) {
        const values = NUMBERS.slice(at, at + 5);
        await same({ format: values.map(() => `[%${width}${conversion}]`).join(' '), values });
      }
    }
  });

  test.each([
    ['%s', ['text']],
    ['[%10s] [%-10s] [%2s] [%010s]', ['right', 'left', 'longer', 'zero']],
    ['%s %s', ['', 'after nothing']],
    ['%s', [0n]],
    ['%s|%d', [0x1234n, 5n]],
    ['%pks and %pks', ['kernel', 0n]],
    ['[%10pks]', ['kernel']],
    ['%pus', [0n]],
    ['%p', [0n]],
    ['[%p] [%20p] [%-20p] [%5p]', [0n, 0n, 0n, 0n]],
    ['%pK', [0n]],
    ['%pxabc7 %px', [1n, 2n]],
    ['%ps %pS %pB', [0x1234n, 0x5678n, 0x9abcn]],
    ['[%12ps] [%-12pS] [%12pB]', [0x1234n, 0x5678n, 0x9abcn]],
    ['%pI4 %pi4', ['\x7f\x01\x02\x03', '\xc0\xa8\xff\x0a']],
    ['%pI6 %pi6', ['\x20\x01\x0d\xb8'.padEnd(16, '\x01'), '0123456789abcdef']],
    ['%pI4 %pI6', [0n, 0n]],
    ['[%20pI4]', ['abcd']],
    ['%pI4abc', ['abcd']],
    ['100%% %d%%', [7n]],
    ['%%', []],
    ['no values\n\t', []],
    ['', []],
    ['%d', [1n, 2n]],
    ['%c%c%c', [65n, 0x142n, 0n]],
    ['[%3c] [%-3c] [%03c]', [65n, 66n, 67n]],
    ['%c%d%c%lld%s%d', [65n, 1n, 66n, 2n, 'odd', 3n]],
    ['%d %d %d %d %d %d %d %d %d %d %d %d', Array.from({ length: 12 }, (_, index) => BigInt(index))],
  ] satisfies readonly (readonly [string, readonly Value[]])[])('%j', async (format, values) => {
    await same({ format, values });
  });

  const WRONG = [
    '%',
    '%d %',
    '%f',
    '%n',
    '%o',
    '%5',
    '%.3d',
    '%#x',
    '%*d',
    '%hd',
    '%hhx',
    '%zu',
    '%lllx',
    '%ls',
    '%lc',
    '%lp',
    '%l',
    '%sx',
    '%s1',
    '%pksx',
    '%pus9',
    '%pk',
    '%pu',
    '%pe',
    '%pI',
    '%pI5',
    '%pi',
    '%pM',
    '%pd',
    '%p1',
    '%5-d',
    '%5 d',
    '%05+d',
    '%10%',
    '% %',
    '%d %d %d',
    '\x01',
    'a\x7f',
    '%d\x1b',
    '%lD',
    '%D',
    '%b',
    '%px%',
  ];

  test.each(WRONG)('refuses %j', async (format) => {
    expect(await same({ format, values: [1n, 2n] })).toBe('refused');
  });

  test.each([1, 2, 5, 6, 7])('cuts at %i bytes', async (size) => {
    await same({ format: '%s', values: ['abcdef'], size });
    await same({ format: 'a%db%4dc', values: [1n, 2n], size });
    await same({ format: '[%20d]', values: [1n], size });
  });

  test('values take 512 bytes', async () => {
    for (const length of [400, 505, 509, 510, 511, 512, 600]) {
      const text = 'x'.repeat(length);
      await same({ format: '%s', values: [text] });
      await same({ format: '%s%s', values: [text, 'more'] });
      await same({ format: '%s%d', values: [text, 1n] });
      await same({ format: '%s%lld', values: [text, 1n] });
      await same({ format: '%s%c', values: [text, 65n] });
    }
    await same({ format: '%px%s', values: [1n, 'x'.repeat(600)] });
  });

  test('formats by chance', async () => {
    const random = seededRandom(7);
    const pick = <T>(list: readonly T[]): T => list[random() % list.length]!;
    let accepted = 0;
    const copied = ['pks', 'pI4', 'pi6'];
    for (let run = 0; run < 3000; run++) {
      const values: Value[] = [];
      let format = '';
      const count = random() % 5;
      for (let index = 0; index < count; index++) {
        const conversion = pick([...CONVERSIONS, 's', 'pks', 'ps', 'pI4', 'pi6', 'z', '%']);
        format += `${pick(['', ' ', 'a', '%%', ':'])}%${pick([...WIDTHS, '7', '-7', '9'])}${conversion}${pick([' ', ',', ''])}`;
        const isText = conversion === 's' || copied.includes(conversion);
        values.push(
          isText
            ? pick(conversion.includes('i') || conversion.includes('I') ? LONG : ['', 'text', ...LONG])
            : conversion === 'ps'
              ? 0x77n
              : pick(NUMBERS),
        );
      }
      // Kernels before 6.17 take '%p' together with what follows it.
      if (format.includes('p%')) continue;
      // What is copied and has no room is not counted by the kernel, and its bytes are taken for the next value.
      const size = copied.some((one) => format.includes(one)) ? 1000 : pick([8, 40, 200]);
      if ((await same({ format, values, size })) !== 'refused') accepted++;
    }
    expect(accepted).toBeGreaterThan(700);
  }, 60_000);
});

function bigText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `0x${BigInt.asUintN(64, value).toString(16)}` : value;
}

/** Result and text, for people. */
function readable(bytes: string): string {
  if (bytes === 'refused') return bytes;
  const all = Buffer.from(bytes, 'hex');
  return `${all.readBigInt64LE(0)}: ${JSON.stringify(all.subarray(8).toString('latin1').replace(/\0+$/, ''))}`;
}
