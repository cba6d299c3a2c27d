/** SOCKHASH (net/core/sock_map.c): sockets by any key. A value is the number the world outside calls a socket by. */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { EINVAL, ENOENT, ENOSPC } from '../errno.ts';
import type { Handles } from './handles.ts';
import { HashMap } from './hash-map.ts';
import type { MapContext } from './header.ts';
import type { UserOperations } from './map.ts';
import { readSocket } from './socket-value.ts';

export class SocketHashMap extends HashMap {
  readonly #handles: Handles | undefined;
  override readonly user: UserOperations = {
    lookup: (key, target) => this.#cookie(key, target),
    update: (key, value, flags) => this.#put(key, value, flags),
  };

  constructor(definition: MapDefinition, context: MapContext) {
    super(definition, context);
    this.#handles = context.handles;
  }

  /** Programs get sockets with references to them, which a machine has none of. */
  override lookup(_key: LinearAddress, _cpu: number): LinearAddress {
    return 0;
  }

  /** Programs put in sockets they hold, which a machine has none of. */
  override update(_key: LinearAddress, _value: LinearAddress, _flags: number, _cpu: number): number {
    return EINVAL;
  }

  /** The number of the socket at a key, 0 for none. */
  socket(key: LinearAddress): number {
    const value = this.peek(key, 0);
    return value === 0 ? 0 : this.memory.readLow(value);
  }

  #put(key: LinearAddress, value: LinearAddress, flags: number): number {
    const socket = readSocket(this.memory, this.#handles, value, this.definition.valueSize);
    if (socket < 0) return socket;
    return super.update(key, value, flags, 0);
  }

  #cookie(key: LinearAddress, target: LinearAddress): number {
    if (this.definition.valueSize !== 8) return ENOSPC;
    const socket = this.socket(key);
    if (socket === 0) return ENOENT;
    this.memory.writePair(target, socket, 0);
    return 0;
  }
}
