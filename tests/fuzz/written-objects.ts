/** Mutated objects that can be read are also written again, linked and described: what that refuses, it refuses in words. */
import { readdirSync, readFileSync } from 'node:fs';
import { LinkError, linkObjects } from '../../bpf/elf/link/index.ts';
import { readObject } from '../../bpf/elf/object/read.ts';
import { writeObject } from '../../bpf/elf/write/index.ts';
import { FormatError } from '../../bpf/format-error.ts';
import { describeObject } from '../../cli/inspect/describe.ts';
import { listingText } from '../../cli/inspect/listing.ts';
import { descriptionText } from '../../cli/inspect/text.ts';
import type { BytesTarget } from './bytes.ts';

const OBJECTS = new URL('../data/objects/', import.meta.url);

export function writtenObjectTarget(): BytesTarget {
  const files = readdirSync(OBJECTS)
    .filter((name) => name.endsWith('.o'))
    .map((name) => new Uint8Array(readFileSync(new URL(name, OBJECTS))));
  return { files, read: readAll, isExpected: (error) => error instanceof LinkError };
}

function readAll(bytes: Uint8Array): 'whole' | 'partial' {
  const linked = attempt(() => linkObjects([{ name: 'mutated.o', bytes }]));
  const { object, sections } = readObject(bytes, 'mutated.o');
  const written = attempt(() => writeObject(object, { sections }));
  if (written) readObject(writeObject(object, { sections }), 'written.o');
  descriptionText(describeObject(bytes, object, undefined));
  listingText(object);
  return linked && written ? 'whole' : 'partial';
}

/** False when it was refused. */
function attempt(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch (error) {
    const refused = error instanceof LinkError || error instanceof FormatError;
    // What no object file can say: the writer's own word.
    if (!refused && !(error instanceof RangeError && /^[a-z.]/.test(error.message))) throw error;
    return false;
  }
}
