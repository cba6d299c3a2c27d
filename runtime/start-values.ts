/** What programs find when they start: the time it is, named parameters. Written into maps of one value. */
import type { ScriptInfo, ScriptOption, StartWord } from '../compiler/script-info.ts';
import type { Kernel, LoadedObject, MapHandle } from './kernel.ts';
import type { OptionValues } from './named-options.ts';
import { viewOf } from './output/read.ts';

function startValue(kernel: Kernel, kind: StartWord): bigint {
  const { bootNs, taiOffsetNs } = kernel.clock();
  switch (kind) {
    case 'start-ns':
      return bootNs;
    case 'tai-offset-ns':
      return taiOffsetNs;
    case 'child-pid':
      return BigInt(kernel.childPid?.() ?? 0);
    default:
      return kind satisfies never;
  }
}

export function writeStartValues(
  kernel: Kernel,
  loaded: LoadedObject,
  info: ScriptInfo,
  given: OptionValues,
): void {
  for (const start of info.startValues) {
    change(loaded.map(start.map), (value) => {
      viewOf(value).setBigUint64(start.offset, startValue(kernel, start.kind), true);
    });
  }
  for (const option of info.options ?? []) {
    change(loaded.map(option.map), (value) => writeOption(value, option, given.get(option.name)));
  }
}

function change(map: MapHandle, write: (value: Uint8Array) => void): void {
  const key = new Uint8Array(4);
  const value = map.lookup(key)?.slice() ?? new Uint8Array(map.valueSize * map.copies);
  write(value);
  map.update(key, value, 0);
}

/** The value given, else the default. A string longer than its room was refused before. */
function writeOption(
  bytes: Uint8Array,
  { type, initial, offset }: ScriptOption,
  given: bigint | boolean | string = initial,
): void {
  const place = bytes.subarray(offset, offset + type.size);
  if (typeof given === 'boolean') place[0] = given ? 1 : 0;
  else if (typeof given === 'bigint') viewOf(place).setBigInt64(0, given, true);
  else place.fill(0).set(new TextEncoder().encode(given).subarray(0, type.size - 1));
}
