/**
 * The records of BTF's type section (kernel `include/uapi/linux/btf.h`), word by word, each with how it is best written:
 * writer and reader of a snapshot's types walk them by the same function, and so cannot disagree.
 *
 *     name · info (kind, vlen, flag) · size or type [· words that depend on the kind, once or vlen times]
 */

/** `type`: an id, mostly one just before. `delta`: little more than the same word of the entry before. */
export type WordCoding = 'name' | 'type' | 'plain' | 'delta';

export interface RecordInfo {
  /** `BTF_KIND_*`. */
  readonly kind: number;
  readonly vlen: number;
  readonly flag: boolean;
}

/** Reads or writes one record; words count from the record's start. */
export interface RecordPort {
  info(): RecordInfo;
  word(index: number, column: string, coding: WordCoding): void;
}

interface Tail {
  /** Words of an entry. */
  readonly words: readonly WordCoding[];
  /** Column of each word. */
  readonly columns: readonly string[];
  /** Whether there are `vlen` entries, or one. */
  readonly repeats: boolean;
}

/** Words behind the first three by kind; `*`: `vlen` times. */
const TAILS: readonly Tail[] = [
  '',
  'plain',
  '',
  'type type plain',
  '* name type delta',
  '* name type delta',
  '* name delta',
  '',
  '',
  '',
  '',
  '',
  '',
  '* name type',
  'plain',
  '* type plain plain',
  '',
  'plain',
  '',
  '* name plain plain',
].map((text, kind) => {
  const words = (text.match(/\w+/g) ?? []) as WordCoding[];
  return { words, columns: words.map((_, index) => `${kind} ${index}`), repeats: text.startsWith('*') };
});

/** Kinds whose third word is a size: integers, aggregates, enums, data sections, floats; arrays and forwards leave it 0. */
const SIZED: ReadonlySet<number> = new Set([1, 3, 4, 5, 6, 7, 15, 16, 19]);

export const KINDS: number = TAILS.length;

const NAME_COLUMNS: readonly string[] = TAILS.map((_, kind) => `${kind} name`);
const SIZE_COLUMNS: readonly string[] = TAILS.map((_, kind) => `${kind} size`);

function tailOf(kind: number): Tail {
  const tail = TAILS[kind];
  if (tail === undefined) throw new RangeError(`kind ${kind}`);
  return tail;
}

/** Words of a record of a kind below {@link KINDS}. */
export function recordWords({ kind, vlen }: RecordInfo): number {
  const tail = tailOf(kind);
  return 3 + tail.words.length * (tail.repeats ? vlen : 1);
}

/** Visits the words in the order they are written. */
export function walkRecord(port: RecordPort): void {
  const { kind, vlen } = port.info();
  port.word(0, NAME_COLUMNS[kind] ?? '', 'name');
  port.word(2, SIZE_COLUMNS[kind] ?? '', SIZED.has(kind) ? 'plain' : 'type');
  const { words, columns, repeats } = tailOf(kind);
  const count = repeats ? vlen : 1;
  for (let entry = 0; entry < count; entry++) {
    for (let index = 0; index < words.length; index++) {
      port.word(3 + entry * words.length + index, columns[index] ?? '', words[index] ?? 'plain');
    }
  }
}
