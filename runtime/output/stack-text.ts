/**
 * The text of stacks (language.md §2.12) and of single addresses. A stack's value names where its frames are kept; this
 * reads them there and gives them names.
 */
import type { ScriptInfo, StackMap } from '../../compiler/script-info.ts';
import type { StackType } from '../../compiler/types/type.ts';
import type { LoadedObject } from '../kernel.ts';
import type { SymbolSource } from '../symbols.ts';
import { type ByteString, encodeText } from './byte-string.ts';
import { viewOf } from './read.ts';

/** Bits of a stack's word: see `StackType`. */
const NONE: bigint = 1n << 47n;
const SPILLED: bigint = 1n << 46n;
const PLACE: bigint = (1n << 48n) - 1n;

const INDENT = '        ';
const BUILD_ID_SIZE = 32;
const STATUS = { empty: 0, valid: 1, ip: 2 } as const;

export type StackTexts = (type: StackType, bytes: Uint8Array) => ByteString;

type Frame =
  | { readonly kind: 'address'; readonly address: bigint }
  | { readonly kind: 'build-id'; readonly buildId: string; readonly offset: bigint };

/** How a session prints stacks: begins and ends with a newline, one frame a line; nothing for a stack without frames. */
export function createStackTexts(
  { stackMaps = [] }: ScriptInfo,
  loaded: LoadedObject,
  symbols: SymbolSource | undefined,
): StackTexts {
  return (type, bytes) => {
    const view = viewOf(bytes);
    const buildIds = type.mode === 'build_id';
    const maps = stackMaps.find((one) => one.limit === type.limit && one.buildIds === buildIds);
    const frames = maps === undefined ? [] : readFrames(loaded, maps, view.getBigUint64(0, true));
    if (frames.length === 0) return '';
    const pid = type.kind === 'ustack' ? Number(view.getBigUint64(8, true)) : undefined;
    const lines = frames.map((frame) => encodeText(`${frameText(frame, type, pid, symbols)}\n`));
    return `\n${lines.join('')}`;
  };
}

/** Names of single addresses (`ksym`, `usym`), without an offset. */
export function symbolText(
  symbols: SymbolSource | undefined,
  kind: 'ksym' | 'usym',
  bytes: Uint8Array,
): ByteString | undefined {
  const view = viewOf(bytes);
  const address = view.getBigUint64(0, true);
  const found =
    kind === 'ksym'
      ? symbols?.kernel(address)
      : symbols?.user(Number(view.getBigUint64(8, true)), address)?.symbol;
  return found && encodeText(found.name);
}

function readFrames(loaded: LoadedObject, maps: StackMap, word: bigint): readonly Frame[] {
  const place = word & PLACE;
  if ((place & NONE) !== 0n) return [];
  const isSpilled = (place & SPILLED) !== 0n;
  const name = isSpilled ? maps.spilled : maps.traces;
  if (name === undefined) return [];
  const map = loaded.map(name);
  const key = new Uint8Array(map.keySize);
  if (isSpilled) viewOf(key).setBigUint64(0, place, true);
  else viewOf(key).setUint32(0, Number(place), true);
  const value = map.lookup(key);
  if (value === undefined) return [];
  if (!isSpilled) return framesIn(value, maps.buildIds);
  const used = Number(viewOf(value).getBigUint64(0, true));
  return framesIn(value.subarray(8, 8 + used), maps.buildIds);
}

/** Up to the first empty one. */
function framesIn(bytes: Uint8Array, buildIds: boolean): readonly Frame[] {
  const view = viewOf(bytes);
  const frames: Frame[] = [];
  const size = buildIds ? BUILD_ID_SIZE : 8;
  for (let at = 0; at + size <= bytes.length; at += size) {
    const frame = buildIds ? buildIdFrame(view, at) : addressFrame(view, at);
    if (frame === undefined) return frames;
    frames.push(frame);
  }
  return frames;
}

function addressFrame(view: DataView, at: number): Frame | undefined {
  const address = view.getBigUint64(at, true);
  return address === 0n ? undefined : { kind: 'address', address };
}

function buildIdFrame(view: DataView, at: number): Frame | undefined {
  const status = view.getInt32(at, true);
  const place = view.getBigUint64(at + 24, true);
  if (status === STATUS.ip) return { kind: 'address', address: place };
  if (status !== STATUS.valid) return undefined;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 4, 20);
  const buildId = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { kind: 'build-id', buildId, offset: place };
}

function frameText(
  frame: Frame,
  { mode, kind }: StackType,
  pid: number | undefined,
  symbols: SymbolSource | undefined,
): string {
  if (frame.kind === 'build-id') return `${frame.buildId} 0x${frame.offset.toString(16)}`;
  const { address } = frame;
  const hex = address.toString(16);
  const user = pid === undefined ? undefined : symbols?.user(pid, address);
  switch (mode) {
    case 'raw':
      return hex;
    case 'build_id':
      // Where the source itself knows the file, it knows what the kernel would have told.
      if (user?.buildId === undefined || user.fileOffset === undefined) return hex;
      return `${user.buildId.padEnd(40, '0')} 0x${user.fileOffset.toString(16)}`;
  }
  const symbol = pid === undefined ? symbols?.kernel(address) : user?.symbol;
  const name = symbol === undefined ? `0x${hex}` : `${symbol.name}+${symbol.offset}`;
  if (mode === 'bpftrace') return `${INDENT}${name}`;
  const module = kind === 'ustack' ? ` (${user?.module ?? '[unknown]'})` : '';
  return `\t${hex} ${name}${module}`;
}
