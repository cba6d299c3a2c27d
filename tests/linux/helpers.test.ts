/** Helpers and kernel functions: results and memory are those of this machine's kernel. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kernelTypes, LinuxBpf } from './bpf-syscall.ts';
import { HelperJudge, input } from './helper-judge.ts';

const reason = LinuxBpf.reason();
if (reason !== undefined) console.log(`skipped, ${reason}: helpers against the kernel`);

/** r6 = input, r7 = output; the result goes to the output's first eight bytes. */
const HEAD = 'r6 = map[in][0]+0\nr7 = map[out][0]+0\n';
const RESULT = '*(u64 *)(r7 + 0) = r0\n';
/** Kernel functions that return an int leave the upper half to chance. */
const INT_RESULT = '*(u32 *)(r7 + 0) = r0\n';
const END = 'r0 = 0\nexit\n';
/** `register` = the input's number `index`, at least `least` and at most `most`. */
const bounded = (register: number, index: number, least: number, most: number): string =>
  `r${register} = *(u64 *)(r6 + ${index * 8})\nif r${register} < ${least} goto end\nif r${register} > ${most} goto end\n`;

describe.skipIf(reason !== undefined)('helpers = kernel', () => {
  let judge: HelperJudge;
  beforeAll(async () => {
    judge = await HelperJudge.start(reason === undefined ? kernelTypes() : undefined);
  });
  afterAll(() => judge.close());

  async function same(
    source: string,
    inputs: readonly Uint8Array[] = [input([])],
    constants = '',
  ): Promise<void> {
    const pair = await judge.load(`.program main raw_tp/x\n${HEAD}${source}end:\n${END}`, constants);
    for (const bytes of inputs) {
      const [kernel, machine] = await pair.run(bytes);
      expect(shown(machine), `${Buffer.from(bytes).toString('latin1')}\n${source}`).toBe(shown(kernel));
    }
    await pair.unload();
  }

  describe('numbers in texts', () => {
    const TEXTS = [
      '',
      ' ',
      '-',
      '0',
      '7',
      '-7',
      '+7',
      ' \t\n12',
      '\xa012',
      '0x',
      '0xg',
      '0x1fG',
      '0X1f',
      '-0x10',
      '08',
      '0777',
      '00',
      '12 34',
      '9223372036854775807',
      '9223372036854775808',
      '-9223372036854775808',
      '-9223372036854775809',
      '18446744073709551615',
      '18446744073709551616',
      '18446744073709551620',
      '99999999999999999999',
      '0xffffffffffffffff',
      '0x10000000000000000',
      'ffffffff80000000',
      '--1',
      '- 1',
      'abc',
      `${'0'.repeat(63)}`,
      `${'0'.repeat(62)}7`,
    ];
    const FLAGS = [0n, 8n, 10n, 16n, 2n, 31n, 32n, 1n << 32n, 36n];
    test.each(['strtol', 'strtoul'])('bpf_%s', async (name) => {
      const inputs = TEXTS.flatMap((text) =>
        FLAGS.flatMap((flags) =>
          [text.length, text.length + 1, 64]
            .filter((size) => size > 0 && size <= 64)
            .map((size) => input([BigInt(size), flags], text)),
        ),
      );
      await same(
        `${bounded(2, 0, 1, 64)}r1 = r6\nr1 += 64\nr3 = *(u64 *)(r6 + 8)\nr4 = r7\nr4 += 8\ncall bpf_${name}\n${RESULT}`,
        inputs,
      );
    });
  });

  test('bpf_strncmp', async () => {
    for (const constant of ['', 'a', 'abc', 'abcdefgh', 'b\xff']) {
      const texts = ['', 'a', 'ab', 'abc', 'abd', 'abcdefgh', 'abcdefghi', 'b\x01', 'b\xff', '\xff'];
      const inputs = texts.flatMap((text) => [1n, 2n, 3n, 8n, 32n].map((size) => input([size], text)));
      await same(
        `${bounded(2, 0, 1, 64)}r1 = r6\nr1 += 64\nr3 = map[constants][0]+0\ncall bpf_strncmp\n${RESULT}`,
        inputs,
        constant,
      );
    }
  });

  describe('dynptrs', () => {
    const NAMES = ['slice', 'adjust', 'is_null', 'is_rdonly', 'size', 'clone', 'copy', 'memset'];
    const KFUNCS = NAMES.map((name) => `.kfunc bpf_dynptr_${name}\n`).join('');
    const make = (size = 64, flags = 0): string =>
      `r1 = r6\nr1 += 64\nr2 = ${size}\nr3 = ${flags}\nr4 = r10\nr4 += -16\ncall bpf_dynptr_from_mem\n`;
    const AT = 'r1 = r10\nr1 += -16\n';
    const NUMBERS = [0n, 1n, 7n, 8n, 63n, 64n, 65n, 0xffff_ffffn, 0x1_0000_0001n];
    const TEXT = Uint8Array.from({ length: 64 }, (_, index) => index + 1);

    test('made', async () => {
      for (const flags of [0, 1]) await same(`${make(64, flags)}${RESULT}`);
    });

    test('read and written', async () => {
      const inputs = NUMBERS.flatMap((offset) =>
        [0n, 1n, 8n, 32n].flatMap((size) => [0n, 1n].map((flags) => input([offset, size, flags], TEXT))),
      );
      await same(
        `${make()}${bounded(2, 1, 0, 32)}r1 = r7\nr1 += 8\nr3 = r10\nr3 += -16\nr4 = *(u64 *)(r6 + 0)\nr5 = *(u64 *)(r6 + 16)\ncall bpf_dynptr_read\n${RESULT}`,
        inputs,
      );
      const copyOut =
        'r1 = *(u64 *)(r6 + 64)\n*(u64 *)(r7 + 16) = r1\nr1 = *(u64 *)(r6 + 72)\n*(u64 *)(r7 + 24) = r1\nr1 = *(u64 *)(r6 + 120)\n*(u64 *)(r7 + 32) = r1\n';
      await same(
        `${make()}${bounded(4, 1, 0, 32)}${AT}r2 = *(u64 *)(r6 + 0)\nr3 = r7\nr5 = *(u64 *)(r6 + 16)\ncall bpf_dynptr_write\n${RESULT}${copyOut}`,
        inputs,
      );
    });

    test('data', async () => {
      const inputs = NUMBERS.map((offset) => input([offset], TEXT));
      for (const size of [0, 1, 8, 64]) {
        const load = size === 0 ? '' : 'r0 = *(u8 *)(r0 + 0)\n';
        await same(
          `${make()}${AT}r2 = *(u64 *)(r6 + 0)\nr3 = ${size}\ncall bpf_dynptr_data\nif r0 == 0 goto none\n${load || 'r0 = 1\n'}none:\n${RESULT}`,
          inputs,
        );
      }
    });

    test('kernel functions', async () => {
      const pairs = NUMBERS.flatMap((a) => NUMBERS.map((b) => input([a, b], TEXT)));
      const kf = (source: string): string => `${KFUNCS}.program main raw_tp/x\n${HEAD}${source}end:\n${END}`;
      const run = async (source: string, inputs: readonly Uint8Array[]): Promise<void> => {
        const pair = await judge.load(kf(source));
        for (const bytes of inputs) {
          const [kernel, machine] = await pair.run(bytes);
          expect(shown(machine), `${bytes.toHex()}\n${source}`).toBe(shown(kernel));
        }
        await pair.unload();
      };
      const adjust = `${AT}r2 = *(u64 *)(r6 + 0)\nr3 = *(u64 *)(r6 + 8)\ncall bpf_dynptr_adjust\n`;
      const size = `${AT}call bpf_dynptr_size\n`;
      await run(`${make()}${adjust}${INT_RESULT}${size}*(u32 *)(r7 + 4) = r0\n`, pairs);
      for (const flags of [0, 1]) {
        await run(
          `${make(64, flags)}${size}${INT_RESULT}${AT}call bpf_dynptr_is_null\nr0 &= 255\n*(u32 *)(r7 + 4) = r0\n${AT}call bpf_dynptr_is_rdonly\nr0 &= 255\n*(u32 *)(r7 + 8) = r0\n`,
          [input([])],
        );
      }
      const slice = `${AT}r2 = *(u64 *)(r6 + 0)\nr3 = r10\nr3 += -32\nr4 = 8\ncall bpf_dynptr_slice\nif r0 == 0 goto none\nr0 = *(u64 *)(r0 + 0)\nnone:\n`;
      await run(`${make()}*(u64 *)(r10 - 32) = 0\n${slice}${RESULT}`, pairs);
      const clone = `${AT}r2 = r10\nr2 += -32\ncall bpf_dynptr_clone\n`;
      await run(
        `${make()}${clone}${INT_RESULT}${adjust}r1 = r10\nr1 += -32\ncall bpf_dynptr_size\n*(u32 *)(r7 + 4) = r0\n`,
        pairs,
      );
      const copyOut = Array.from(
        { length: 8 },
        (_, word) => `r1 = *(u64 *)(r6 + ${64 + word * 8})\n*(u64 *)(r7 + ${8 + word * 8}) = r1\n`,
      ).join('');
      const copy = `${AT}r2 = *(u64 *)(r6 + 0)\nr3 = r10\nr3 += -32\nr4 = *(u64 *)(r6 + 8)\nr5 = *(u64 *)(r6 + 16)\ncall bpf_dynptr_copy\n`;
      const triples = [0n, 3n, 60n, 64n, 0xffff_ffffn].flatMap((a) =>
        [0n, 5n, 64n].flatMap((b) => [0n, 4n, 59n, 64n].map((c) => input([a, b, c], TEXT))),
      );
      await run(`${make()}${clone}${copy}${INT_RESULT}${copyOut}`, triples);
      const fill = `${AT}r2 = *(u64 *)(r6 + 0)\nr3 = *(u64 *)(r6 + 8)\nr4 = *(u64 *)(r6 + 16)\ncall bpf_dynptr_memset\n`;
      await run(`${make()}${fill}${INT_RESULT}${copyOut}`, triples);
    });
  });

  test('strings', async () => {
    const TEXTS = ['', 'a', 'abc', 'abcabc', 'openat', 'aab', 'ABC', 'ab\xe9', 'ab\xc9', 'xyz'];
    const two = TEXTS.flatMap((a) => TEXTS.map((b) => [a, b] as const));
    const texts = (a: string, b: string): Uint8Array => Buffer.from(`${a.padEnd(16, '\0')}${b}`, 'latin1');
    const call = (name: string, args: string): string =>
      `.kfunc bpf_${name}\n.program main raw_tp/x\n${HEAD}r1 = r6\nr1 += 64\n${args}call bpf_${name}\n${INT_RESULT}${END}`;
    const run = async (source: string, inputs: readonly Uint8Array[]): Promise<void> => {
      const pair = await judge.load(source);
      for (const bytes of inputs) {
        const [kernel, machine] = await pair.run(bytes);
        expect(shown(machine), `${Buffer.from(bytes).toString('latin1')}\n${source}`).toBe(shown(kernel));
      }
      await pair.unload();
    };
    const second = 'r2 = r6\nr2 += 80\n';
    for (const name of ['strcmp', 'strcasecmp', 'strspn', 'strcspn', 'strstr']) {
      await run(
        call(name, second),
        two.map(([a, b]) => input([], texts(a, b))),
      );
    }
    const counts = [0n, 1n, 2n, 3n, 4n, 6n, 7n, 100n, 1n << 40n];
    const counted = two.flatMap(([a, b]) => counts.map((count) => input([count], texts(a, b))));
    await run(call('strnstr', `${second}r3 = *(u64 *)(r6 + 0)\n`), counted);
    const number = 'r2 = *(u64 *)(r6 + 0)\n';
    await run(
      call('strlen', ''),
      TEXTS.map((text) => input([], text)),
    );
    await run(
      call('strnlen', number),
      TEXTS.flatMap((text) => counts.map((count) => input([count], text))),
    );
    const characters = [0n, 97n, 99n, 98n, 0xe9n];
    for (const name of ['strchr', 'strchrnul', 'strrchr']) {
      await run(
        call(name, number),
        TEXTS.flatMap((text) => characters.map((one) => input([one], text))),
      );
    }
    const both = TEXTS.flatMap((text) =>
      characters.flatMap((one) => counts.map((count) => input([count, one], text))),
    );
    await run(call('strnchr', `${number}r3 = *(u64 *)(r6 + 8)\n`), both);
    const away = '.kfunc bpf_strlen\n.program main raw_tp/x\n';
    for (const address of ['0', '8', '0x7f8000001000']) {
      await run(`${away}${HEAD}r1 = ${address} ll\ncall bpf_strlen\n${INT_RESULT}${END}`, [input([])]);
    }
  });

  test('iterators', async () => {
    const names = (kind: string): string =>
      ['new', 'next', 'destroy'].map((name) => `.kfunc bpf_iter_${kind}_${name}\n`).join('');
    const loop = (
      kind: string,
      size: number,
      start: string,
    ): string => `${names(kind)}.program main raw_tp/x\n${HEAD}r8 = 0\nr9 = 0
      ${start}*(u32 *)(r7 + 0) = r0
      next:\nr1 = r10\nr1 += -${size}\ncall bpf_iter_${kind}_next\nif r0 == 0 goto done\nr1 = *(s32 *)(r0 + 0)\nr8 += r1\nr9 += 1\ngoto next
      done:\n*(u64 *)(r7 + 8) = r8\n*(u64 *)(r7 + 16) = r9\nr1 = r10\nr1 += -${size}\ncall bpf_iter_${kind}_destroy\n${END}`;
    const run = async (source: string, inputs: readonly Uint8Array[]): Promise<void> => {
      const pair = await judge.load(source);
      for (const bytes of inputs) {
        const [kernel, machine] = await pair.run(bytes);
        expect(shown(machine), bytes.toHex()).toBe(shown(kernel));
      }
      await pair.unload();
    };
    const ends = [-(2n ** 31n), -5n, 0n, 1n, 10n, 8388608n, 8388609n, 2n ** 31n - 5n, 2n ** 31n - 1n];
    const near = ends.flatMap((a) =>
      ends.filter((b) => b <= a || b - a < 100n || b - a > 8388608n).map((b) => input([a, b])),
    );
    await run(
      loop(
        'num',
        8,
        'r1 = r10\nr1 += -8\nr2 = *(u64 *)(r6 + 0)\nr3 = *(u64 *)(r6 + 8)\ncall bpf_iter_num_new\n',
      ),
      near,
    );
    const words = [[0n], [5n], [1n << 63n], [0n, 1n], [-1n, 0n, 6n, 0n, 0n, 0n, 1n << 40n]].map((bits) => {
      const bytes = new Uint8Array(64);
      bits.forEach((bit, index) => {
        new DataView(bytes.buffer).setBigInt64(index * 8, BigInt.asIntN(64, bit), true);
      });
      return bytes;
    });
    const counted = words.flatMap((bytes) =>
      [0n, 1n, 2n, 7n, 511n + 1n].map((count) => input([count], bytes)),
    );
    await run(
      loop(
        'bits',
        16,
        'r1 = r10\nr1 += -16\nr2 = r6\nr2 += 64\nr3 = *(u64 *)(r6 + 0)\ncall bpf_iter_bits_new\n',
      ),
      counted,
    );
  });

  /** A whole program, with declarations before it and functions after it. */
  async function whole(
    before: string,
    main: string,
    after = '',
    inputs: readonly Uint8Array[] = [input([])],
  ): Promise<void> {
    const pair = await judge.load(`${before}\n.program main raw_tp/x\n${HEAD}${main}end:\n${END}${after}`);
    for (const bytes of inputs) {
      const [kernel, machine] = await pair.run(bytes);
      expect(shown(machine), `${bytes.toHex()}\n${main}`).toBe(shown(kernel));
    }
    await pair.unload();
  }

  test('callbacks', async () => {
    const counts = [0n, 1n, 5n, 100n, 8388608n, 8388609n, 0xffff_ffffn, 0x1_0000_0003n];
    const stops = [3n, 1n << 40n];
    const inputs = counts.flatMap((count) =>
      stops.flatMap((stop) => [0n, 1n].map((flags) => input([count, flags, stop]))),
    );
    const loop = `r1 = *(u64 *)(r6 + 16)\n*(u64 *)(r10 - 16) = r1\n*(u64 *)(r10 - 8) = 0\nr1 = *(u64 *)(r6 + 0)\nr2 = func[each]\nr3 = r10\nr3 += -16\nr4 = *(u64 *)(r6 + 8)\ncall bpf_loop\n${RESULT}r1 = *(u64 *)(r10 - 8)\n*(u64 *)(r7 + 8) = r1\n`;
    const each =
      '.func each\nr3 = *(u64 *)(r2 + 8)\nr3 += 1\n*(u64 *)(r2 + 8) = r3\nr4 = *(u64 *)(r2 + 0)\nr0 = 0\nif r3 < r4 goto +1\nr0 = 1\nexit\n';
    await whole('', loop, each, inputs);

    const walk = (map: string): string =>
      `*(u64 *)(r10 - 8) = 0\nr1 = map[${map}]\nr2 = func[elem]\nr3 = r10\nr3 += -8\nr4 = *(u64 *)(r6 + 0)\ncall bpf_for_each_map_elem\n${RESULT}r1 = *(u64 *)(r10 - 8)\n*(u64 *)(r7 + 8) = r1\n`;
    const elem =
      '.func elem\nr5 = *(u64 *)(r4 + 0)\nr5 <<= 3\nr0 = *(u32 *)(r2 + 0)\nr5 += r0\nr0 = *(u64 *)(r3 + 0)\nr5 ^= r0\n*(u64 *)(r4 + 0) = r5\nr0 = 0\nif r5 < 1000 goto +1\nr0 = 1\nexit\n';
    const put = (map: string, key: number, value: number): string =>
      `*(u32 *)(r10 - 12) = ${key}\n*(u64 *)(r10 - 24) = ${value}\nr1 = map[${map}]\nr2 = r10\nr2 += -12\nr3 = r10\nr3 += -24\nr4 = 0\ncall bpf_map_update_elem\n`;
    const flags = [input([0n]), input([1n])];
    for (const type of ['array', 'percpu_array']) {
      const map = `.map a ${type} key=4 value=8 entries=5`;
      await whole(map, `${put('a', 1, 7)}${put('a', 4, 9)}${walk('a')}`, elem, flags);
    }
    for (const type of ['hash', 'percpu_hash', 'lru_hash']) {
      const map = `.map a ${type} key=4 value=8 entries=5`;
      await whole(map, walk('a'), elem, flags);
      await whole(map, `${put('a', 77, 9)}${walk('a')}`, elem, flags);
    }
  });

  test('records of ring buffers', async () => {
    const ring = '.map ring ringbuf key=0 value=0 entries=4096';
    const query = (what: number, at: number): string =>
      `r1 = map[ring]\nr2 = ${what}\ncall bpf_ringbuf_query\n*(u64 *)(r7 + ${at}) = r0\n`;
    const all = [0, 1, 2, 3, 4].map((what) => query(what, 64 + what * 8)).join('');
    const reserve = (size: number, flags: number): string =>
      `r1 = map[ring]\nr2 = ${size}\nr3 = ${flags}\nr4 = r10\nr4 += -16\ncall bpf_ringbuf_reserve_dynptr\n*(u64 *)(r7 + 0) = r0\n`;
    const write = `r1 = r10\nr1 += -16\nr2 = 0\nr3 = r6\nr4 = 16\nr5 = 0\ncall bpf_dynptr_write\n*(u64 *)(r7 + 8) = r0\n`;
    const end = (how: string): string => `r1 = r10\nr1 += -16\nr2 = 0\ncall bpf_ringbuf_${how}_dynptr\n`;
    for (const [size, flags] of [
      [0, 0],
      [8, 0],
      [16, 0],
      [100, 0],
      [4000, 0],
      [4080, 0],
      [4088, 0],
      [5000, 0],
      [0x1000000, 0],
      [16, 1],
    ] as const) {
      for (const how of ['submit', 'discard']) {
        await whole(ring, `${reserve(size, flags)}${all}${write}${end(how)}`);
      }
    }
    const output = (size: number, flags: number): string =>
      `r1 = map[ring]\nr2 = r6\nr3 = ${size}\nr4 = ${flags}\ncall bpf_ringbuf_output\n*(u64 *)(r7 + 0) = r0\n`;
    for (const [size, flags] of [
      [1, 0],
      [128, 0],
      [64, 1],
      [64, 2],
      [64, 3],
      [64, 4],
    ] as const) {
      await whole(ring, `${output(size, flags)}${all}`, '', [input([]), input([]), input([])]);
    }
  });

  test('user ring buffers that are empty', async () => {
    const map = '.map ring user_ringbuf key=0 value=0 entries=4096';
    const drain = `r1 = map[ring]\nr2 = func[each]\nr3 = 0\nr4 = *(u64 *)(r6 + 0)\ncall bpf_user_ringbuf_drain\n${RESULT}`;
    await whole(
      map,
      drain,
      '.func each\nr0 = 0\nexit\n',
      [0n, 1n, 2n, 3n, 4n, 1n << 33n].map((flags) => input([flags])),
    );
  });

  test('counters that do not count', async () => {
    const map = '.map p perf_event_array key=4 value=4 entries=3';
    const flags = [0n, 2n, 3n, 0xffff_ffffn, 0x1_0000_0000n].map((one) => input([one]));
    // The CPU it runs on is any, and the map has three slots.
    await whole(map, `r1 = map[p]\nr2 = *(u64 *)(r6 + 0)\ncall bpf_perf_event_read\n${RESULT}`, '', flags);
    for (const size of [8, 24]) {
      await whole(
        map,
        `r1 = map[p]\nr2 = *(u64 *)(r6 + 0)\nr3 = r7\nr3 += 8\nr4 = ${size}\ncall bpf_perf_event_read_value\n${RESULT}`,
        '',
        flags,
      );
    }
  });

  test('probe reads', async () => {
    const sizes = [0n, 1n, 5n, 16n];
    const texts = ['', 'abc', 'abcdefghijklmnop', 'x'.repeat(64)];
    const inputs = texts.flatMap((one) => sizes.map((size) => input([size], one)));
    const from = (source: string, name: string): string =>
      `${bounded(2, 0, 0, 16)}r1 = r7\nr1 += 8\n${source}call bpf_${name}\n${RESULT}`;
    for (const name of ['probe_read_kernel', 'probe_read_kernel_str', 'probe_read', 'probe_read_str']) {
      await whole('', from('r3 = r6\nr3 += 64\n', name), '', inputs);
      for (const address of ['0', '8', '0xdead000000000000']) {
        await whole('', from(`r3 = ${address} ll\n`, name), '', inputs.slice(0, 4));
      }
    }
    for (const name of ['probe_read_user', 'probe_read_user_str']) {
      for (const address of ['0', '8'])
        await whole('', from(`r3 = ${address} ll\n`, name), '', inputs.slice(0, 4));
    }
  });

  test('reads into dynptrs', async () => {
    const NAMES = [
      'probe_read_kernel_dynptr',
      'probe_read_kernel_str_dynptr',
      'probe_read_user_dynptr',
      'probe_read_user_str_dynptr',
    ];
    const make = (flags: number): string =>
      `r1 = r7\nr1 += 8\nr2 = 64\nr3 = ${flags}\nr4 = r10\nr4 += -16\ncall bpf_dynptr_from_mem\n`;
    const read = (name: string, source: string): string =>
      `r1 = r10\nr1 += -16\nr2 = *(u64 *)(r6 + 0)\nr3 = *(u64 *)(r6 + 8)\n${source}call bpf_${name}\n${INT_RESULT}`;
    const ranges = [0n, 1n, 60n, 64n, 65n].flatMap((at) =>
      [1n, 4n, 5n, 16n, 64n, 65n].map((size) => input([at, size], 'hello\0world')),
    );
    for (const name of NAMES) {
      const kfunc = `.kfunc bpf_${name}`;
      if (!name.includes('user'))
        await whole(kfunc, `${make(0)}${read(name, 'r4 = r6\nr4 += 64\n')}`, '', ranges);
      await whole(kfunc, `${make(1)}${read(name, 'r4 = r6\nr4 += 64\n')}`, '', ranges.slice(0, 3));
    }
  });

  test('ids in a namespace there is not', async () => {
    for (const size of [4, 8, 16]) {
      await whole(
        '',
        `r1 = *(u64 *)(r6 + 0)\nr2 = *(u64 *)(r6 + 8)\nr3 = r7\nr3 += 8\nr4 = ${size}\ncall bpf_get_ns_current_pid_tgid\n${RESULT}`,
        '',
        [input([4n, 1n]), input([1n << 33n, 0xefff_fffcn]), input([4n, 1n << 40n])],
      );
    }
  });

  describe('bpf_snprintf_btf', () => {
    /** Types that lie anywhere in the kernel: plain, nested, with bitfields, unions, arrays, enumerations. */
    const TYPES: readonly (readonly [kind: 'struct' | 'union' | 'typedef' | 'int' | 'enum', name: string])[] =
      [
        ['int', 'int'],
        ['int', 'char'],
        ['int', 'long unsigned int'],
        ['int', '_Bool'],
        ['typedef', 'u16'],
        ['typedef', 'pid_t'],
        ['typedef', 'atomic_t'],
        ['typedef', 'spinlock_t'],
        ['typedef', 'guid_t'],
        ['enum', 'pid_type'],
        ['struct', 'list_head'],
        ['struct', 'timespec64'],
        ['struct', 'iphdr'],
        ['struct', 'ipv6hdr'],
        ['struct', 'tcphdr'],
        ['struct', 'ethhdr'],
        ['struct', 'in6_addr'],
        ['struct', 'sockaddr'],
        ['struct', 'perf_event_attr'],
        ['struct', 'perf_branch_entry'],
        ['struct', 'bpf_insn'],
        ['struct', 'kstat'],
        ['struct', 'rb_node'],
        ['struct', 'qstr'],
        ['struct', 'new_utsname'],
        ['struct', 'hrtimer'],
        ['struct', 'page'],
        ['struct', 'work_struct'],
        ['struct', 'bpf_map_info'],
        ['struct', 'pt_regs'],
        ['struct', 'trace_entry'],
        ['union', 'bpf_attr'],
        ['struct', 'sk_buff'],
        ['struct', 'bio'],
        ['struct', 'io_uring_sqe'],
        ['struct', 'bpf_prog'],
      ];
    const SIZE = 16384;

    /** Bytes that look like something: zeros, small numbers, letters; addresses would be hashed, so PTR_RAW always. */
    const PATTERNS: readonly ((index: number) => number)[] = [
      () => 0,
      (index) => (index % 8 === 0 ? index / 8 : 0),
      (index) => 0x41 + (index % 26),
      (index) => (index * 37 + 11) & 0xff,
      (index) => (index % 5 === 0 ? 0 : 0x30 + (index % 10)),
      (index) => (index < 40 ? 0 : 1),
    ];

    test.each(TYPES)('%s %s', async (kind, name) => {
      const types = judge.types!;
      const id = types.find(name, kind);
      if (id === undefined) return;
      let printed = 0;
      const source = (
        size: number,
        flags: number,
      ): string => `.map value array key=4 value=4096 entries=1\n.map text array key=4 value=${SIZE} entries=1
        .program main raw_tp/x\nr7 = map[out][0]+0\nr1 = map[value][0]+0\n*(u64 *)(r10 - 16) = r1\nr1 = ${id}\n*(u64 *)(r10 - 8) = r1
        r1 = map[text][0]+0\nr2 = ${size}\nr3 = r10\nr3 += -16\nr4 = 16\nr5 = ${flags}\ncall bpf_snprintf_btf\n${RESULT}${END}`;
      for (const [size, flags] of [
        [SIZE, 4],
        [SIZE, 5],
        [SIZE, 6],
        [SIZE, 7],
        [SIZE, 12],
        [SIZE, 15],
        [30, 4],
        [1, 4],
      ] as const) {
        const pair = await judge.load(source(size, flags));
        for (const pattern of PATTERNS) {
          const value = Uint8Array.from({ length: 4096 }, (_, index) => pattern(index));
          const [kernel, machine] = await pair.runWith('value', value, 'text');
          expect(text(machine), `flags ${flags}`).toBe(text(kernel));
          printed += text(kernel).length;
        }
        await pair.unload();
      }
      expect(printed).toBeGreaterThan(200);
    });

    test('refusals', async () => {
      for (const [type, size, flags] of [
        [0, 16, 0],
        [-1, 16, 0],
        [0x7fffffff, 16, 0],
        [1, 16, 16],
        [1, 8, 0],
      ] as const) {
        await same(
          `*(u64 *)(r10 - 16) = r6\nr1 = ${type}\n*(u64 *)(r10 - 8) = r1\nr1 = r7\nr1 += 8\nr2 = 64\nr3 = r10\nr3 += -16\nr4 = ${size}\nr5 = ${flags}\ncall bpf_snprintf_btf\n${RESULT}`,
        );
      }
    });
  });
});

/** Words, so that differences can be read. */
function shown(bytes: string): string {
  return (
    bytes
      .replace(/(?:ee)+$/, '')
      .match(/.{1,16}/g)
      ?.join(' ') ?? ''
  );
}

function text(bytes: string): string {
  const all = Buffer.from(bytes, 'hex');
  return all.subarray(0, 8).readBigInt64LE() + all.subarray(8).toString('latin1').replace(/\0+$/, '');
}
