/** What of a compiled script an object file has no place for: the content of its script section, decoded. */
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { EventField } from '../../bpf/event-format.ts';
import type { Source, Span } from '../../bpf/span.ts';
import type { Need } from '../resolve/needs.ts';
import type { ScriptInfo } from '../script-info.ts';

/** A field of a record whose place the code has baked in. */
export type UsedField = Pick<EventField, 'name' | 'offset' | 'size' | 'signed' | 'kind' | 'type'>;

/** A program, subprogram or callback of the script. */
export interface ScriptFunction {
  /** In the object as compiled. */
  readonly name: string;
  /** In the ELF file. */
  readonly symbol: string;
  /** Instructions of one span each, in order; undefined: they have none. */
  readonly spans: readonly { readonly count: number; readonly span: Span | undefined }[];
}

export interface ScriptProgram extends ScriptFunction {
  /** libbpf's section names say nothing of intervals, or of several points. */
  readonly attach: readonly AttachPoint[];
  /** Fields of the points' records that the program reads: what a kernel's own layout must agree with. */
  readonly fields: readonly UsedField[];
}

export interface ScriptData {
  /** The object's name. */
  readonly name: string;
  /** What it was compiled for: the oldest release to serve, and the kernel whose events and reach it was checked against. */
  readonly target: { readonly release: string; readonly kernel: string };
  readonly needs: readonly Need[];
  readonly info: ScriptInfo;
  readonly sources: readonly Source[];
  /** In the order of the script. */
  readonly programs: readonly ScriptProgram[];
  readonly functions: readonly ScriptFunction[];
  /** In the object's order. */
  readonly maps: readonly { readonly name: string; readonly symbol: string }[];
}
