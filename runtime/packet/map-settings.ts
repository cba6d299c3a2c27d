/** What user space would put into maps before the first packet: `devices[0]=3`, `programs[1]=parse_tcp`. */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { BpfObject } from '../../bpf/object.ts';
import { LoadError } from '../../vm/fault.ts';
import { errnoText } from '../errno.ts';
import type { LoadedObject } from '../kernel.ts';

/** `name[key]=value`: numbers, bytes as `hex:0a000001`, and for arrays of programs their names. */
const SETTING = /^([\w.]+)\[([^\]]*)\]=(.*)$/;
const BYTES = /^hex:((?:[0-9a-f]{2})+)$/i;
const NUMBER = /^-?(?:\d+|0x[0-9a-f]+)$/i;

/** `idOf`: the number that stands for a program in a map. @throws LoadError */
export function applySettings(
  settings: readonly string[],
  object: BpfObject,
  loaded: LoadedObject,
  idOf: (program: string) => number | undefined,
): void {
  for (const setting of settings) {
    const [, name = '', key = '', value = ''] = SETTING.exec(setting) ?? [];
    const map = object.maps.find((one) => one.name === name);
    if (map === undefined) throw new LoadError(unknownText(setting, name, object.maps));
    apply(setting, map, key, value, loaded, idOf);
  }
}

function unknownText(setting: string, name: string, maps: readonly MapDefinition[]): string {
  if (name === '') return `'${setting}' sets no map: write name[key]=value`;
  return `no map is called ${name}: there are ${maps.map((map) => map.name).join(', ') || 'none'}`;
}

function apply(
  setting: string,
  { type, name, keySize, valueSize }: MapDefinition,
  key: string,
  value: string,
  loaded: LoadedObject,
  idOf: (program: string) => number | undefined,
): void {
  const refuse = (why: string): LoadError => new LoadError(`'${setting}': ${why}`);
  const program = type === 'prog_array' ? idOf(value) : undefined;
  if (type === 'prog_array' && program === undefined)
    throw refuse(`no program ${value} is loaded beside the one that runs`);
  const keyBytes = encode(key, keySize);
  if (keyBytes === undefined) throw refuse(`${key} is no key of ${keySize} bytes`);
  const valueBytes = encode(program === undefined ? value : String(program), valueSize);
  if (valueBytes === undefined) throw refuse(`${value} is no value of ${valueSize} bytes`);
  const handle = loaded.map(name);
  const copies = new Uint8Array(valueSize * handle.copies);
  for (let copy = 0; copy < handle.copies; copy++) copies.set(valueBytes, copy * valueSize);
  const result = handle.update(keyBytes, copies, 0);
  if (result !== 0) throw refuse(`the map takes no such entry: ${errnoText(-result)}`);
}

/** Little-endian; undefined: it does not fit. */
function encode(text: string, size: number): Uint8Array | undefined {
  const bytes = BYTES.exec(text)?.[1];
  if (bytes !== undefined) return bytes.length === size * 2 ? bytesOfHex(bytes) : undefined;
  if (!NUMBER.test(text)) return undefined;
  const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  const bits = size * 8;
  if (BigInt.asIntN(bits, value) !== value && BigInt.asUintN(bits, value) !== value) return undefined;
  return Uint8Array.from({ length: size }, (_, at) => Number(BigInt.asUintN(8, value >> BigInt(at * 8))));
}

function bytesOfHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(at * 2, at * 2 + 2), 16),
  );
}
