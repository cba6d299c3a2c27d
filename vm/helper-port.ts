/**
 * The helper port: how BPF helpers reach the world. The VM knows nothing of tasks, clocks or output; a runtime hands it
 * a table of implementations. No BigInt passes here: 64-bit values are int32 pairs.
 *
 * `registers` is one Int32Array over linear memory, low half first:
 *
 *     index  0     1     2     3     4     5        20     21
 *           r0.lo r0.hi r1.lo r1.hi r2.lo r2.hi …  r10.lo r10.hi
 *
 * A helper reads its arguments from r1…r5 and writes its result to r0, both halves.
 */

/** Runs one helper. Negative errno results are sign-extended into both halves of r0. */
export type HelperFunction = (registers: Int32Array) => void;

/** Implementations by helper id (`bpf/helpers`); a missing id ends the program with a fault naming the helper. */
export type HelperTable = ReadonlyMap<number, HelperFunction>;

/** Sets r0 to a signed 32-bit number, sign-extended. */
export function setResult(registers: Int32Array, value: number): void {
  registers[0] = value;
  registers[1] = value >> 31;
}

/** Sets r0 to 64 bits. */
export function setResultPair(registers: Int32Array, low: number, high: number): void {
  registers[0] = low;
  registers[1] = high;
}
