/** What maps without keys share: lookups find nothing, and the other key operations are refused as Linux does. */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import type { BpfMap, MapLayout, UserOperations } from './map.ts';

export abstract class KeylessMap implements BpfMap {
  readonly definition: MapDefinition;
  readonly layout: MapLayout;
  readonly user: UserOperations;
  readonly #refusal: number;

  /** `refusal` is the negative errno of updates, deletes and walks; `lookup` that of lookups by bpf(2). */
  constructor(definition: MapDefinition, layout: MapLayout, refusal: number, lookup: number = refusal) {
    this.definition = definition;
    this.layout = layout;
    this.#refusal = refusal;
    this.user = { lookup: () => lookup };
  }

  lookup(_key: LinearAddress, _cpu: number): LinearAddress {
    return 0;
  }

  peek(_key: LinearAddress, _cpu: number): LinearAddress {
    return 0;
  }

  update(_key: LinearAddress, _value: LinearAddress, _flags: number, _cpu: number): number {
    return this.#refusal;
  }

  delete(_key: LinearAddress): number {
    return this.#refusal;
  }

  nextKey(_key: LinearAddress): LinearAddress {
    return this.#refusal;
  }

  abstract count(): number;
}
