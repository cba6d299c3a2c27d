/**
 * A program of several points as a program each, so that every section names what libbpf attaches it to (`autoattach`). What
 * one link serves (`kprobe.multi/PATTERN`), and what no section can name, stays one program.
 */
import type { BpfObject, BpfProgram } from '../../bpf/object.ts';
import { sectionOf } from '../program-kind.ts';
import type { ScriptOrigin } from './script-object.ts';

export interface SpreadScript {
  readonly object: BpfObject;
  readonly origin: ScriptOrigin;
}

export function spreadPoints(object: BpfObject, origin: ScriptOrigin): SpreadScript {
  const fields = new Map(origin.fields);
  const names = new Set([...object.programs, ...object.functions].map(({ name }) => name));
  const programs = object.programs.flatMap((program) => {
    const copies = copiesOf(program, names);
    const used = fields.get(program.name);
    if (used !== undefined) for (const { name } of copies) fields.set(name, used);
    return copies;
  });
  return { object: { ...object, programs }, origin: { ...origin, fields } };
}

function copiesOf(program: BpfProgram, names: Set<string>): readonly BpfProgram[] {
  const { attach, section } = program;
  if (attach.length < 2 || section.includes('/')) return [program];
  const sections = attach.map(sectionOf);
  if (sections.some((one) => !one.includes('/'))) return [program];
  return attach.map((point, index) => {
    const name = index === 0 ? program.name : freeName(`${program.name}_${index}`, names);
    return { ...program, name, section: sections[index]!, attach: [point] };
  });
}

function freeName(wanted: string, names: Set<string>): string {
  let name = wanted;
  while (names.has(name)) name += '_';
  names.add(name);
  return name;
}
