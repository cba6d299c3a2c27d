/**
 * `NameIndex`: which entries have a name. Names are not read: most entries say where theirs is in `.debug_str`, and that
 * number is kept; of names written in the entry itself a hash is kept.
 */
import { hashName } from '../name-hash.ts';
import type { AttributeValue } from './attribute.ts';
import { Multimap } from './multimap.ts';
import type { DwarfSections } from './sections.ts';
import { offsetsOf } from './strings.ts';
import type { UnitReader } from './unit-reader.ts';

/** In `.debug_info`. */
export type EntryOffset = number;

export class NameIndex {
  readonly #byOffset = new Multimap();
  readonly #byHash = new Multimap();

  add(unit: UnitReader, entry: EntryOffset, name: AttributeValue): void {
    if (name.kind === 'text') this.#byHash.add(hashOf(name.text), entry);
    if (name.kind === 'text offset' && name.section === '.debug_str') this.#byOffset.add(name.offset, entry);
    if (name.kind === 'text index') this.#byOffset.add(unit.stringOffset(name.index), entry);
  }

  /** To be called when all are there. */
  seal(): void {
    this.#byOffset.seal();
    this.#byHash.seal();
  }

  /** Entries that may have the name: those found by hash may have another. */
  candidates(sections: DwarfSections, name: string): Set<EntryOffset> {
    const found = new Set(this.#byHash.get(hashOf(name)));
    const strings = sections.section('.debug_str');
    if (strings === undefined) return found;
    for (const offset of offsetsOf(strings, name)) {
      for (const entry of this.#byOffset.get(offset)) found.add(entry);
    }
    return found;
  }
}

function hashOf(name: string): number {
  return hashName(new TextEncoder().encode(name));
}
