/**
 * SOCKMAP, XSKMAP and REUSEPORT_SOCKARRAY (net/core/sock_map.c, net/xdp/xskmap.c, kernel/bpf/reuseport_array.c): sockets
 * by index. A machine has no sockets: a cell is the number the world outside calls one by, which is its cookie, too.
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { E2BIG, EBUSY, EEXIST, EINVAL, ENOENT, ENOSPC, EOPNOTSUPP } from '../errno.ts';
import type { Handles } from './handles.ts';
import type { MapContext } from './header.ts';
import { BPF_EXIST, BPF_NOEXIST, type UserOperations } from './map.ts';
import { SlotArrayMap } from './slot-array-map.ts';
import { readSocket } from './socket-value.ts';

export class SocketArrayMap extends SlotArrayMap {
  readonly #handles: Handles | undefined;
  override readonly user: UserOperations = {
    lookup: (key, target) => this.#cookie(key, target),
    update: (key, value, flags) => this.#put(key, value, flags),
  };

  constructor(definition: MapDefinition, context: MapContext) {
    super(definition, context);
    this.#handles = context.handles;
  }

  override delete(key: LinearAddress): number {
    const { type, maxEntries } = this.definition;
    const result = super.delete(key);
    if (type === 'reuseport_sockarray') return result;
    // XSKMAP deletes what is not there; SOCKMAP calls every failure the same.
    const outside = this.memory.readLow(key) >>> 0 >= maxEntries;
    if (type === 'xskmap') return outside ? EINVAL : 0;
    return result === 0 ? 0 : EINVAL;
  }

  #put(key: LinearAddress, value: LinearAddress, flags: number): number {
    const { valueSize, maxEntries, type } = this.definition;
    const known = flags >= 0 && flags <= BPF_EXIST;
    const index = this.memory.readLow(key) >>> 0;
    const place = !known ? EINVAL : index >= maxEntries ? E2BIG : 0;
    if (type !== 'sockmap' && place !== 0) return place;
    const socket = readSocket(this.memory, this.#handles, value, valueSize);
    if (socket < 0) return socket;
    if (place !== 0) return place;
    const held = this.cell(index);
    if (type === 'xskmap' && held === socket) return 0;
    if (held !== 0 && flags === BPF_NOEXIST) return EEXIST;
    if (held === 0 && flags === BPF_EXIST) return ENOENT;
    if (type === 'reuseport_sockarray' && this.#holds(socket)) return EBUSY;
    this.setCell(index, socket);
    return 0;
  }

  /** A socket is in one place of an array for SO_REUSEPORT at most. */
  #holds(socket: number): boolean {
    for (let i = 0; i < this.definition.maxEntries; i++) if (this.cell(i) === socket) return true;
    return false;
  }

  #cookie(key: LinearAddress, target: LinearAddress): number {
    const { type, valueSize } = this.definition;
    if (type === 'xskmap') return EOPNOTSUPP;
    if (valueSize !== 8) return ENOSPC;
    const socket = this.cell(this.memory.readLow(key) >>> 0);
    if (socket === 0) return ENOENT;
    this.memory.writePair(target, socket, 0);
    return 0;
  }

  protected override cellOf(number: number): number {
    return number;
  }

  protected override numberOf(cell: number): number {
    return cell;
  }
}
