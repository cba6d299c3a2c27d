/**
 * Global variables of sections that are not written become static: libbpf refuses an object when a global variable of
 * its types has no symbol.
 */
import type { BtfBuilder } from '../../btf/builder.ts';

export function hideVariables(builder: BtfBuilder, isWritten: (section: string) => boolean): void {
  for (let id = builder.firstId; id < builder.end; id++) {
    const section = builder.type(id);
    if (section?.kind !== 'datasec' || isWritten(section.name)) continue;
    for (const { type } of section.variables) {
      const variable = builder.type(type);
      if (variable?.kind !== 'var' || variable.linkage !== 'global') continue;
      builder.replace(type, { ...variable, linkage: 'static' });
    }
  }
}
