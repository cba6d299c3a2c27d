/** The library table: every builtin, function and aggregation the compiler knows. */
import { ADDRESS_ENTRIES } from './addresses.ts';
import { AGGREGATION_ENTRIES } from './aggregations.ts';
import { BUFFER_ENTRIES } from './buffers.ts';
import { CONFIG_ENTRIES } from './config.ts';
import { CONTAINER_ENTRIES } from './containers.ts';
import { CONTEXT_ENTRIES } from './context.ts';
import { EFFECT_ENTRIES } from './effects.ts';
import type { LibraryEntry } from './entry.ts';
import { FORMAT_ENTRIES } from './formats.ts';
import { HISTOGRAM_ENTRIES } from './histograms.ts';
import { IDENTITY_ENTRIES } from './identities.ts';
import { JOIN_ENTRIES } from './join.ts';
import { KERNEL_OBJECT_ENTRIES } from './kernel-objects.ts';
import { MAP_ENTRIES } from './map-functions.ts';
import { MEMORY_ENTRIES } from './memory-functions.ts';
import { NAME_ENTRIES } from './names.ts';
import { OPTION_ENTRIES } from './options.ts';
import { PRINT_ENTRIES } from './printing.ts';
import { SPACE_ENTRIES } from './spaces.ts';
import { STACK_ENTRIES } from './stacks.ts';
import { STRING_ENTRIES } from './strings.ts';
import { SYMBOL_ENTRIES } from './symbols.ts';
import { TASK_ENTRIES } from './tasks.ts';
import { TIME_ENTRIES } from './time.ts';
import { SERIES_ENTRIES } from './time-series.ts';
import { TYPE_ENTRIES } from './type-predicates.ts';

export type { CallSite, LibraryEntry } from './entry.ts';

export const LIBRARY: readonly LibraryEntry[] = [
  ...CONTAINER_ENTRIES,
  ...SPACE_ENTRIES,
  ...CONTEXT_ENTRIES,
  ...TASK_ENTRIES,
  ...STACK_ENTRIES,
  ...SYMBOL_ENTRIES,
  ...EFFECT_ENTRIES,
  ...KERNEL_OBJECT_ENTRIES,
  ...TIME_ENTRIES,
  ...AGGREGATION_ENTRIES,
  ...HISTOGRAM_ENTRIES,
  ...SERIES_ENTRIES,
  ...FORMAT_ENTRIES,
  ...PRINT_ENTRIES,
  ...JOIN_ENTRIES,
  ...ADDRESS_ENTRIES,
  ...BUFFER_ENTRIES,
  ...IDENTITY_ENTRIES,
  ...CONFIG_ENTRIES,
  ...OPTION_ENTRIES,
  ...MAP_ENTRIES,
  ...STRING_ENTRIES,
  ...MEMORY_ENTRIES,
  ...NAME_ENTRIES,
  ...TYPE_ENTRIES,
];

const BY_NAME: ReadonlyMap<string, LibraryEntry> = new Map(LIBRARY.map((entry) => [entry.name, entry]));

export function findEntry(name: string): LibraryEntry | undefined {
  return BY_NAME.get(name);
}
