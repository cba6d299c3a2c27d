/** Scripts for maps that hold what user space names by number: programs, maps, devices, sockets. */
import fc from 'fast-check';
import { MapFlags } from '../../../../bpf/maps.ts';
import {
  elements,
  few,
  frozen,
  index,
  key,
  mapLine,
  NOBODY,
  type Script,
  type Shape,
  sizes,
  word,
} from './parts.ts';

function holding(
  shape: fc.Arbitrary<Shape>,
  prelude: readonly string[],
  values: readonly string[],
  keys: (shape: Shape) => fc.Arbitrary<string>,
  line: (shape: Shape) => string = mapLine,
): fc.Arbitrary<Script> {
  return shape.chain((one) => {
    const wide = values.map((text) =>
      text.startsWith('@') ? text : text.padEnd(one.valueSize * 2, '0').slice(0, one.valueSize * 2),
    );
    const commands = elements(keys(one), fc.constantFrom(...wide));
    return fc.tuple(commands, frozen, commands).map((parts) => ({
      shape: one,
      lines: [line(one), ...prelude, ...parts.flat(), 'get-batch 0 40 - 0 0'],
    }));
  });
}

const indexes = (): fc.Arbitrary<string> => index;
/** `r0 = 0`, `exit` */
const NOTHING = 'b7000000000000009500000000000000';

/** The map of maps is map 0, so the one it is made after comes before and is numbered again. */
function outer(type: 'array_of_maps' | 'hash_of_maps'): fc.Arbitrary<Script> {
  const shape = fc
    .record({ maxEntries: few, keySize: type === 'array_of_maps' ? fc.constant(4) : sizes })
    .map((rest) => ({ ...rest, type, valueSize: 4 }));
  const hash: Shape = { type: 'hash', keySize: 4, valueSize: 8, maxEntries: 3 };
  const inside = [
    mapLine(hash),
    mapLine({ ...hash, maxEntries: 9 }),
    mapLine({ ...hash, valueSize: 4 }),
    mapLine({ ...hash, flags: MapFlags.NO_PREALLOC }),
    mapLine({ ...hash, flags: MapFlags.RDONLY }),
    mapLine({ type: 'array', keySize: 4, valueSize: 8, maxEntries: 3 }),
  ];
  const values = ['@m1', '@m2', '@m3', '@m4', '@m5', '@m6', '@m0', NOBODY];
  return shape.chain((one) => {
    const keys = one.type === 'array_of_maps' ? index : key(one.keySize, 9);
    const commands = elements(keys, fc.constantFrom(...values)).map((all) =>
      all.map((text) => text.replace(/^(\w+) 0/, '$1 7')),
    );
    return commands.map((lines) => ({
      shape: one,
      lines: [mapLine(hash), ...inside, mapLine(one, '0'), ...lines, 'get-batch 7 40 - 0 0', 'next 7 -'],
    }));
  });
}

export function thingScripts(cpus: number): readonly (readonly [string, fc.Arbitrary<Script>])[] {
  return [
    [
      'prog_array',
      holding(
        few.map((maxEntries) => ({ type: 'prog_array' as const, keySize: 4, valueSize: 4, maxEntries })),
        [`program 1 ${NOTHING} -`, `program 17 ${NOTHING} -`, `program 1 ${NOTHING} -`],
        ['@p0', '@p1', '@p2', NOBODY],
        indexes,
      ),
    ],
    [
      'perf_event_array',
      // The first slots have events in a machine.
      holding(
        fc.constant({ type: 'perf_event_array' as const, keySize: 4, valueSize: 4, maxEntries: cpus + 4 }),
        [],
        [NOBODY],
        () => fc.integer({ min: cpus, max: cpus + 6 }).map(word),
      ),
    ],
    [
      'stack_trace',
      holding(
        few.map((maxEntries) => ({ type: 'stack_trace' as const, keySize: 4, valueSize: 40, maxEntries })),
        [],
        [NOBODY],
        indexes,
      ),
    ],
    [
      'cgroup_array',
      holding(
        few.map((maxEntries) => ({ type: 'cgroup_array' as const, keySize: 4, valueSize: 4, maxEntries })),
        ['socket cgroup'],
        ['@s0', NOBODY],
        indexes,
      ),
    ],
    ['array_of_maps', outer('array_of_maps')],
    ['hash_of_maps', outer('hash_of_maps')],
    ...(['devmap', 'devmap_hash'] as const).map(
      (type) =>
        [
          type,
          holding(
            fc
              .record({ maxEntries: few, valueSize: fc.constantFrom(4, 8) })
              .map((rest) => ({ ...rest, type, keySize: 4 })),
            [],
            ['01000000', '01000000', '00000000', NOBODY, '0000000005'],
            indexes,
          ),
        ] as const,
    ),
    [
      'cpumap',
      holding(
        fc
          .record({ maxEntries: few, valueSize: fc.constantFrom(4, 8) })
          .map((rest) => ({ ...rest, type: 'cpumap' as const, keySize: 4 })),
        [],
        ['01000000', '00010000', '00000000', '01400000', '00400000'],
        indexes,
      ),
    ],
    ...(['sockmap', 'sockhash', 'reuseport_sockarray', 'xskmap'] as const).map((type) => {
      const valueSize = type === 'xskmap' ? fc.constant(4) : fc.constantFrom(4, 8);
      const keySize = type === 'sockhash' ? sizes : fc.constant(4);
      const kind = type === 'xskmap' ? 'xdp' : type === 'reuseport_sockarray' ? 'udp' : 'unix';
      return [
        type,
        holding(
          fc.record({ maxEntries: few, valueSize, keySize }).map((rest) => ({ ...rest, type })),
          Array<string>(3).fill(`socket ${kind}`),
          ['@s0', '@s1', '@s2', NOBODY],
          (one) => (type === 'sockhash' ? key(one.keySize, 9) : index),
        ),
      ] as const;
    }),
  ];
}
