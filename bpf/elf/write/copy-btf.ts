/** A builder that begins with all types of a table, each under the id it has there. */
import type { Btf } from '../../btf/btf.ts';
import { BtfBuilder } from '../../btf/builder.ts';

export function copyBtf(btf: Btf | undefined): BtfBuilder {
  const builder = new BtfBuilder();
  if (btf === undefined) return builder;
  // Types may refer to later ones: all ids are there before the first is defined.
  for (let id = btf.firstId; id < btf.end; id++) builder.reserve();
  for (let id = btf.firstId; id < btf.end; id++) builder.define(id, btf.type(id));
  return builder;
}
