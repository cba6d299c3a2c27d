/** Values kept for a kernel object: `bpf_{task,inode,cgrp,sk}_storage_*` (kernel/bpf/bpf_local_storage.c). */
import type { HelperName } from '../../bpf/helpers/helper.ts';
import { KERNEL_TAG, type LinearAddress } from '../address.ts';
import { EINVAL } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import { LocalStorageMap } from '../maps/local-storage-map.ts';
import {
  entry,
  flagsArgument,
  type HelperEntry,
  mapArgument,
  memoryArgument,
  setPointer,
} from './arguments.ts';

const OBJECTS = ['task', 'inode', 'cgrp', 'sk'] as const;

export function storageHelpers(machine: Machine): readonly HelperEntry[] {
  return OBJECTS.flatMap((object): readonly HelperEntry[] => {
    const get: HelperName = `${object}_storage_get`;
    const remove: HelperName = `${object}_storage_delete`;
    return [
      entry(get, (r) => setPointer(r, find(machine, r))),
      entry(remove, (r) => {
        const owner = ownerArgument(r);
        setResult(r, owner === 0 ? EINVAL : storage(machine, r).remove(owner));
      }),
    ];
  });
}

/** r1 map, r2 owner, r3 first value or NULL, r4 flags. */
function find(machine: Machine, r: Int32Array): LinearAddress {
  const map = storage(machine, r);
  const isNull = (r[6]! | r[7]!) === 0;
  const value = isNull ? 0 : memoryArgument(machine, r, 3, map.layout.valueSize);
  return map.get(ownerArgument(r), value, flagsArgument(r, 4));
}

function storage(machine: Machine, r: Int32Array): LocalStorageMap {
  const map = mapArgument(machine, r, 1);
  if (map instanceof LocalStorageMap) return map;
  throw machine.fault('target', `map ${map.definition.name} keeps nothing for kernel objects`);
}

/** 0: none. */
function ownerArgument(r: Int32Array): LinearAddress {
  return r[5] === KERNEL_TAG ? r[4]! : 0;
}
