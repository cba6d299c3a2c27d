/**
 * The least BTF that the kernel wants for programs with callbacks: an int, a prototype without parameters, and a static
 * function a name; and the `bpf_func_info` records that point to them.
 *
 *     header 24 bytes | types: INT (id 1), FUNC_PROTO (id 2), FUNC (ids 3 ...) | strings
 */
export interface FunctionInfo {
  readonly btf: Uint8Array;
  readonly records: Uint8Array;
}

const INT = 1;
const FUNC = 12;
const FUNC_PROTO = 13;

export function functionInfo(
  functions: readonly { readonly slot: number; readonly name: string }[],
): FunctionInfo {
  let strings = '\0int\0';
  const types: number[] = [1, INT << 24, 4, (1 << 24) | 32, 0, FUNC_PROTO << 24, 1];
  const records: number[] = [];
  for (const [index, { slot, name }] of functions.entries()) {
    types.push(strings.length, FUNC << 24, 2);
    strings += `${name.replace(/[^A-Za-z0-9_]/g, '_')}\0`;
    records.push(slot, 3 + index);
  }
  const text = new TextEncoder().encode(strings);
  const btf = new Uint8Array(24 + types.length * 4 + text.length);
  const header = [0x0001_eb9f, 24, 0, types.length * 4, types.length * 4, text.length];
  btf.set(new Uint8Array(Int32Array.from([...header, ...types]).buffer));
  btf.set(text, 24 + types.length * 4);
  return { btf, records: new Uint8Array(Int32Array.from(records).buffer) };
}
