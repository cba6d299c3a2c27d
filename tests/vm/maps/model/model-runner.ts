/** The commands of `tests/linux/maprun.c` on models: what bpf(2) does with every map, and then the model of the type. */
import { MapFlags, type MapTypeName, mapType, mapTypeById } from '../../../../bpf/maps.ts';
import type { Shape } from '../scripts/parts.ts';
import { EINVAL, ENOENT, ENOTSUPP, EOPNOTSUPP, EPERM, type Model } from './model.ts';
import {
  DeviceModel,
  innerProblem,
  named,
  ofOneType,
  SlotsModel,
  SocketsModel,
  ThingTableModel,
} from './things.ts';
import {
  ArrayModel,
  BloomModel,
  DetachedModel,
  QueueModel,
  RefusingModel,
  StackModel,
  StorageModel,
  TableModel,
  TrieModel,
} from './values.ts';

interface ModelMap {
  readonly shape: Shape;
  readonly model: Model;
  readonly valueSize: number;
  frozen: boolean;
}

export class ModelRunner {
  readonly #cpus: number;
  #maps: ModelMap[] = [];
  #cursor: string | undefined;

  constructor(cpus: number) {
    this.#cpus = cpus;
  }

  run(script: readonly string[]): readonly string[] {
    return script.map((line) => this.answer(line));
  }

  answer(line: string): string {
    const [command, ...a] = line.split(' ');
    switch (command) {
      case 'map':
        this.#maps.push(this.#create(a));
        return 'ok';
      case 'btf':
      case 'socket':
      case 'program':
        return 'ok';
      case 'reset':
        this.#maps = [];
        this.#cursor = undefined;
        return 'ok';
      default:
        return this.#command(command!, this.#maps[Number(a[0])]!, a.slice(1));
    }
  }

  #create(a: readonly string[]): ModelMap {
    const [id, keySize, valueSize, maxEntries, flags, extra, , btf] = a;
    const { name: type, perCpu } = mapTypeById(Number(id))!;
    const shape: Shape = {
      type,
      keySize: Number(keySize),
      valueSize: Number(valueSize),
      maxEntries: Number(maxEntries),
      flags: Number(flags),
      extra: Number(extra),
    };
    const size = perCpu ? Math.ceil(shape.valueSize / 8) * 8 * this.#cpus : shape.valueSize;
    const model = modelOf(shape, size, btf !== '-', this.#cpus);
    return { shape, model, valueSize: size, frozen: false };
  }

  #command(command: string, map: ModelMap, a: readonly string[]): string {
    const reads = (map.shape.flags! & MapFlags.WRONLY) === 0;
    const writes = (map.shape.flags! & MapFlags.RDONLY) === 0 && !map.frozen;
    switch (command) {
      case 'lookup':
        return answer(
          this.#readProblem(map, Number(a[1]), reads) ||
            keyProblem(map, a[0]!) ||
            map.model.lookup(a[0]!, a[2] ?? ''),
        );
      case 'update': {
        const flags = Number(a[2]);
        if (!writes) return answer(EPERM);
        if (isLock(flags) && map.model.locks !== true) return answer(EINVAL);
        return answer(keyProblem(map, a[0]!) || map.model.update(a[0]!, a[1]!, flags));
      }
      case 'delete':
        return answer(writes ? keyProblem(map, a[0]!) || map.model.delete(a[0]!) : EPERM);
      case 'next':
        if (!reads) return answer(EPERM);
        if (a[0] === '-') return answer(map.model.next(undefined));
        return answer(keyProblem(map, a[0]!) || map.model.next(a[0]!));
      case 'take':
        return answer(this.#take(map, a, reads && writes));
      case 'freeze':
        if (map.model.locks === true) return answer(ENOTSUPP);
        if (!writes) return answer(EPERM);
        map.frozen = true;
        return 'ok';
      case 'get-batch':
        return this.#getBatch(map, a, reads, writes);
      case 'put-batch':
        return this.#changeBatch(map, 'update', a, Number(a[2]), writes);
      default:
        return this.#changeBatch(map, 'delete', a, Number(a[1]), writes);
    }
  }

  #readProblem(map: ModelMap, flags: number, reads: boolean): number {
    if ((flags & ~4) !== 0) return EINVAL;
    if (!reads) return EPERM;
    return flags !== 0 && map.model.locks !== true ? EINVAL : 0;
  }

  #take(map: ModelMap, [key, flags]: readonly string[], allowed: boolean): string | number {
    const problem = this.#readProblem(map, Number(flags), allowed);
    if (problem !== 0) return problem;
    return keyProblem(map, key!) || (map.model.take?.(key!) ?? ENOTSUPP);
  }

  #batchProblem(map: ModelMap, command: string, flags: number, allowed: boolean): number {
    if (!allowed) return EPERM;
    if (map.model.batches?.includes(command) !== true) return ENOTSUPP;
    if ((flags & ~4) !== 0) return EINVAL;
    return flags !== 0 && map.model.locks !== true ? EINVAL : 0;
  }

  #getBatch(map: ModelMap, a: readonly string[], reads: boolean, writes: boolean): string {
    const remove = a[3] === '1';
    const command = remove ? 'lookup-and-delete' : 'lookup';
    const problem = this.#batchProblem(map, command, Number(a[2]), reads && (!remove || writes));
    const count = Number(a[0]);
    if (problem !== 0 || count === 0) return `${answer(problem)} 0 - - -`;
    const found: [string, string][] = [];
    const { model } = map;
    let errno = 0;
    let last = a[1] === '^' ? this.#cursor : undefined;
    const table = model instanceof TableModel || model instanceof ThingTableModel ? model.entries : undefined;
    if (table !== undefined) {
      for (const [key] of table) found.push([key, String(model.lookup(key, ''))]);
      errno = ENOENT;
      if (remove) table.clear();
    } else {
      while (found.length < count) {
        const next = model.next(last);
        if (typeof next === 'number') {
          errno = next;
          break;
        }
        last = next;
        const value = model.lookup(next, '');
        if (typeof value === 'string') found.push([next, value]);
      }
    }
    const keys = found.map(([key]) => key).join('') || '-';
    const values = found.map(([, value]) => value).join('') || '-';
    if (found.length > 0) this.#cursor = last;
    return `${answer(errno)} ${found.length} ${keys} ${values} ${found.length > 0 ? last : '-'}`;
  }

  #changeBatch(map: ModelMap, command: string, a: readonly string[], flags: number, writes: boolean): string {
    const problem = this.#batchProblem(map, command, flags, writes);
    if (problem !== 0) return `${answer(problem)} 0`;
    const keys = parts(a[0]!, map.shape.keySize);
    const values = parts(a[1] ?? '-', map.valueSize);
    for (const [i, key] of keys.entries()) {
      const errno = command === 'delete' ? map.model.delete(key) : map.model.update(key, values[i]!, flags);
      if (errno !== 0) return `${answer(errno)} ${i}`;
    }
    return `ok ${keys.length}`;
  }
}

function modelOf(shape: Shape, valueSize: number, locks: boolean, cpus: number): Model {
  const { type } = shape;
  switch (type) {
    case 'array':
    case 'percpu_array':
      return new ArrayModel(shape, valueSize, locks);
    case 'lpm_trie':
      return new TrieModel(shape);
    case 'queue':
    case 'stack':
      return new QueueModel(shape);
    case 'bloom_filter':
      return new BloomModel();
    case 'ringbuf':
    case 'user_ringbuf':
      return new RefusingModel(ENOTSUPP);
    case 'arena':
      return new RefusingModel(EOPNOTSUPP, EINVAL);
    case 'cgroup_storage':
    case 'percpu_cgroup_storage':
      return new DetachedModel();
    case 'stack_trace':
      return new StackModel(shape);
    case 'prog_array':
      return new SlotsModel(shape, ofOneType(), true);
    case 'array_of_maps':
      return new SlotsModel(shape, innerProblem, true);
    case 'cgroup_array':
    case 'perf_event_array':
      return new SlotsModel(shape, named, false);
    case 'devmap':
      return new DeviceModel(shape);
    case 'cpumap':
      return new DeviceModel(shape, cpus);
    case 'devmap_hash':
    case 'hash_of_maps':
    case 'sockhash':
      return new ThingTableModel(shape);
    case 'sockmap':
    case 'xskmap':
    case 'reuseport_sockarray':
      return new SocketsModel(shape);
    default:
      return isStorage(type) ? new StorageModel() : new TableModel(shape, locks);
  }
}

function isStorage(type: MapTypeName): boolean {
  return mapType(type).needsBtf;
}

function isLock(flags: number): boolean {
  return flags <= 0xffff_ffff && (flags & 4) !== 0;
}

/** Maps without keys want no pointer to one. */
function keyProblem({ shape }: ModelMap, key: string): number {
  return shape.keySize === 0 && key !== '-' ? EINVAL : 0;
}

function answer(result: string | number): string {
  if (typeof result === 'string') return `ok ${result}`;
  return result === 0 ? 'ok' : `err ${result}`;
}

function parts(text: string, size: number): readonly string[] {
  if (text === '-') return [];
  return Array.from({ length: text.length / (size * 2) }, (_, i) =>
    text.slice(i * size * 2, (i + 1) * size * 2),
  );
}
