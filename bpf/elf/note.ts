/** Notes: build ids, USDT probes, ABI tags. Entries are padded to 4 bytes, in segments of alignment 8 to 8. */
import type { ByteReader } from '../byte-reader.ts';

export interface ElfNote {
  /** Who defined the type: `GNU`, `stapsdt`. */
  readonly owner: string;
  readonly type: number;
  readonly descriptor: Uint8Array;
  /** Of the descriptor in the file. */
  readonly offset: number;
}

/** `base`: offset of the reader's first byte in the file. @throws FormatError */
export function readNotes(reader: ByteReader, alignment: number, base: number): readonly ElfNote[] {
  const step = alignment === 8 ? 8 : 4;
  const notes: ElfNote[] = [];
  while (reader.remaining >= 12) {
    const ownerSize = reader.u32('n_namesz');
    const size = reader.u32('n_descsz');
    const type = reader.u32('n_type');
    const owner = ownerText(reader.take(ownerSize, 'the owner of a note'));
    pad(reader, step);
    const offset = base + reader.position;
    const descriptor = reader.take(size, `the note of ${owner}`);
    pad(reader, step);
    notes.push({ owner, type, descriptor, offset });
  }
  return notes;
}

/** The last entry of a section may lack its padding. */
function pad(reader: ByteReader, step: number): void {
  const rest = reader.position % step;
  if (rest !== 0) reader.skip(Math.min(step - rest, reader.remaining), 'padding');
}

function ownerText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return DECODER.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

const DECODER = new TextDecoder();
