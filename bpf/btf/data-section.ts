/** What types tell of a section of data: its variables. */
import type { Btf } from './btf.ts';
import type { BtfDataSection } from './type.ts';

/** The first of that name. */
export function dataSectionOf(btf: Btf, name: string): BtfDataSection | undefined {
  const id = btf.find(name, 'datasec');
  const section = id === undefined ? undefined : btf.type(id);
  return section?.kind === 'datasec' ? section : undefined;
}
