/** CGROUP_ARRAY: cgroups that programs ask about by slot. A cell is the number the world outside calls the cgroup by. */

import type { MapDefinition } from '../../bpf/maps.ts';
import { EBADF } from '../errno.ts';
import { exists, type Handles } from './handles.ts';
import type { MapContext } from './header.ts';
import { SlotArrayMap } from './slot-array-map.ts';

export class CgroupArrayMap extends SlotArrayMap {
  readonly #handles: Handles | undefined;

  constructor(definition: MapDefinition, context: MapContext) {
    super(definition, context);
    this.#handles = context.handles;
  }

  protected override cellOf(number: number): number {
    return exists(this.#handles, 'cgroup', number) ? number : EBADF;
  }

  protected override numberOf(_cell: number): undefined {
    return undefined;
  }
}
