/** Reads what `llvm-objdump -d` printed: the bytes and the text of each instruction. */

export interface DumpedInstruction {
  readonly bytes: Uint8Array;
  /** Without the `<place>` after a jump's distance, which names places of the file. */
  readonly text: string;
}

export function readDump(dump: string): readonly DumpedInstruction[] {
  const found: DumpedInstruction[] = [];
  for (const [, hex, text] of dump.matchAll(/^ *\d+:\t((?:[0-9a-f]{2} )*[0-9a-f]{2})\t(.*)$/gm)) {
    const bytes = Uint8Array.from(hex!.split(' '), (pair) => Number.parseInt(pair, 16));
    found.push({ bytes, text: text!.replace(/ <[^> ]*>$/, '') });
  }
  return found;
}

/** The bytes as one program. */
export function dumpedBytes(dump: readonly DumpedInstruction[]): Uint8Array {
  return Uint8Array.from(dump.flatMap(({ bytes }) => [...bytes]));
}
