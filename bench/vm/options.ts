/** The benchmark's arguments. */
import { findMapType, type MapDefinition, mapProblems } from '../../bpf/maps.ts';

export interface Options {
  readonly rounds: number;
  /** Names of programs; empty: all. */
  readonly only: readonly string[];
  /** Names of engines; empty: all. */
  readonly engines: readonly string[];
  /** A program from outside in place of our own. */
  readonly outside?: OutsideProgram;
}

export interface OutsideProgram {
  readonly program: string;
  /** A file; without one the context is 64 zero bytes. */
  readonly context: string | undefined;
  /** The context is a packet, and r1 points to `xdp_md`. */
  readonly isPacket: boolean;
  readonly maps: readonly MapDefinition[];
}

export const USAGE = `usage: npm run bench -- vm [--json] [--rounds N] [--only PROGRAM]... [--engines NAME,NAME]
       npm run bench -- vm --program FILE.bin [--ctx FILE] [--packet] [--map SPEC]... [--json] [--rounds N]
  FILE.bin   instructions, 8 bytes each; wide loads of kind 1 (src) have the number of a --map, from 0, as imm
  --ctx      bytes that r1 points to; with --packet they are a packet, and r1 points to struct xdp_md
  SPEC       name=TYPE[,key=BYTES][,value=BYTES][,entries=N][,flags=N], e.g. counts=hash,key=8,value=8,entries=1024
`;

export class UsageError extends Error {}

/** Throws UsageError. */
export function parseOptions(args: readonly string[]): Options {
  const given = new Map<string, string[]>();
  for (let at = 0; at < args.length; at++) {
    const name = args[at]!;
    if (name === '--packet') {
      given.set(name, []);
      continue;
    }
    if (!VALUED.includes(name)) throw new UsageError(`no option '${name}'`);
    const value = args[++at];
    if (value === undefined || value.startsWith('--')) throw new UsageError(`${name} needs a value`);
    given.set(name, [...(given.get(name) ?? []), value]);
  }
  const outside = outsideProgram(given);
  return {
    rounds: rounds(single(given, '--rounds') ?? '5'),
    only: given.get('--only') ?? [],
    engines: (given.get('--engines') ?? []).flatMap((names) => names.split(',')),
    ...(outside === undefined ? {} : { outside }),
  };
}

const VALUED: readonly string[] = ['--rounds', '--only', '--engines', '--program', '--ctx', '--map'];

function outsideProgram(given: ReadonlyMap<string, readonly string[]>): OutsideProgram | undefined {
  const program = single(given, '--program');
  if (program === undefined) {
    const stray = ['--ctx', '--map', '--packet'].find((name) => given.has(name));
    if (stray !== undefined) throw new UsageError(`${stray} goes with --program`);
    return undefined;
  }
  if (given.has('--only')) throw new UsageError('--only and --program exclude each other');
  const maps = (given.get('--map') ?? []).map(mapOf);
  const twice = maps.find(({ name }, index) => maps.findIndex((one) => one.name === name) !== index);
  if (twice !== undefined) throw new UsageError(`two maps are named '${twice.name}'`);
  return { program, context: single(given, '--ctx'), isPacket: given.has('--packet'), maps };
}

function single(given: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
  const values = given.get(name) ?? [];
  if (values.length > 1) throw new UsageError(`${name} is given twice`);
  return values[0];
}

function rounds(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new UsageError(`--rounds: '${text}' is not a number from 1 to 9999`);
  return Number(text);
}

const SIZES = { key: 'keySize', value: 'valueSize', entries: 'maxEntries', flags: 'flags' } as const;

/** `name=hash,key=8,value=8,entries=1024`. */
export function mapOf(spec: string): MapDefinition {
  const wrong = (why: string): UsageError => new UsageError(`--map ${spec}: ${why}`);
  const [head, ...fields] = spec.split(',');
  const [name, typeName] = head!.split('=');
  if (!name || !typeName) throw wrong('it begins with name=TYPE');
  const type = findMapType(typeName);
  if (type === undefined) throw wrong(`no map type '${typeName}'`);
  const map = { name, type: type.name, keySize: 0, valueSize: 0, maxEntries: 0, flags: 0 };
  for (const field of fields) {
    const [, key, number] = /^(\w+)=(0x[0-9a-fA-F]{1,8}|\d{1,10})$/.exec(field) ?? [];
    if (key === undefined || !Object.hasOwn(SIZES, key))
      throw wrong(`'${field}' is none of key=, value=, entries=, flags= and a number`);
    map[SIZES[key as keyof typeof SIZES]] = Number(number);
  }
  const problems = mapProblems(map);
  if (problems.length > 0) throw wrong(problems.join('; '));
  return map;
}
