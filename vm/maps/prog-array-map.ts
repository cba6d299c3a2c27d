/**
 * PROG_ARRAY: the programs that tail calls go to. A cell is the program's place in the machine's function table plus 1,
 * which is its id, too. All programs of one array are of one type (`bpf_prog_map_compatible`): that of the first.
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { ProgramTypeName } from '../../bpf/programs.ts';
import { EBADF, EINVAL } from '../errno.ts';
import { type Handles, programId } from './handles.ts';
import type { MapContext } from './header.ts';
import { SlotArrayMap } from './slot-array-map.ts';

export class ProgArrayMap extends SlotArrayMap {
  readonly #handles: Handles | undefined;
  #owner: ProgramTypeName | undefined;

  constructor(definition: MapDefinition, context: MapContext) {
    super(definition, context);
    this.#handles = context.handles;
  }

  /** Whether a program of this type may be in the array or make tail calls through it; the first one decides for all. */
  admits(type: ProgramTypeName): boolean {
    this.#owner ??= type;
    return this.#owner === type && type !== 'ext';
  }

  protected override cellOf(number: number): number {
    const program = this.#handles?.program(number);
    if (program === undefined) return EBADF;
    return this.admits(program.type) ? programId(program) : EINVAL;
  }

  protected override numberOf(cell: number): number {
    return cell;
  }
}
