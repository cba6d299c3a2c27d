/** DEVMAP_HASH: as DEVMAP, by any number. The value of the table is the entry: u32 interface index, u32 program id. */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { EEXIST, EINVAL } from '../errno.ts';
import { deviceProblem, readEntry } from './device-map.ts';
import type { Handles } from './handles.ts';
import { HashMap } from './hash-map.ts';
import type { MapContext } from './header.ts';
import { BPF_ANY, BPF_EXIST, BPF_NOEXIST, type UserOperations } from './map.ts';

export class DeviceHashMap extends HashMap {
  readonly #handles: Handles | undefined;
  override readonly user: UserOperations = { update: (key, value, flags) => this.#put(key, value, flags) };

  constructor(definition: MapDefinition, context: MapContext) {
    super(definition, context);
    this.#handles = context.handles;
  }

  /** Programs cannot put anything in. */
  override update(_key: LinearAddress, _value: LinearAddress, _flags: number, _cpu: number): number {
    return EINVAL;
  }

  /** `__dev_map_hash_update_elem`: BPF_EXIST asks for nothing. */
  #put(key: LinearAddress, value: LinearAddress, flags: number): number {
    const entry = readEntry(this.memory, value, this.definition.valueSize);
    if (flags < 0 || flags > BPF_EXIST || entry.target === 0) return EINVAL;
    if (flags === BPF_NOEXIST && this.peek(key, 0) !== 0) return EEXIST;
    const problem = deviceProblem(this.#handles, entry);
    if (problem !== 0) return problem;
    if (this.definition.valueSize > 4) this.memory.writePair(value, entry.target, entry.program);
    return super.update(key, value, BPF_ANY, 0);
  }
}
