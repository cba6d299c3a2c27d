/** Users and cgroups by name: ids in the kernel, names where they are printed. */

import { argumentLiteral, argumentType, cgroupUnknown } from '../diagnostics/messages.gen.ts';
import { scalar } from '../lower/expressions.ts';
import { UINT64, USERNAME } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { isInteger } from '../types/predicates.ts';
import type { LibraryEntry } from './entry.ts';

const username: LibraryEntry = {
  name: 'username',
  kind: 'builtin',
  signature: 'username',
  doc: "Name of the current task's user, looked up when it is printed; empty when the machine knows none.",
  arguments: { min: 0, max: 0 },
  check: ({ span }, checker) => {
    checker.need({ kind: 'credentials', what: 'username', span });
    return USERNAME;
  },
  into: (_call, low, place) => {
    const { b } = low;
    const uid = b.extend(b.callHelper('get_current_uid_gid', []), 32, false);
    low.storeScalar(place, UINT64, uid);
  },
};

const cgroupPath: LibraryEntry = {
  name: 'cgroup_path',
  kind: 'function',
  signature: 'cgroup_path(id[, filter])',
  doc: 'Path of a cgroup in each hierarchy that the filter (a pattern with `*`) allows, looked up when it is printed.',
  arguments: { min: 1, max: 2 },
  asynchronous: true,
  check: ({ args: [id, filter], span }, checker) => {
    checker.need({ kind: 'cgroups', what: 'cgroup_path()', span });
    const type = checker.valueType(id!);
    if (filter !== undefined) checker.valueType(filter);
    if (type !== undefined && !isInteger(type)) {
      const found = typeName(type);
      checker.report(argumentType(id!.span, { name: 'cgroup_path', wanted: 'integer', found }));
      return undefined;
    }
    if (filter === undefined) return { kind: 'cgroup_path', size: 8 };
    const constant = checker.constant(filter);
    if (constant?.kind === 'string') {
      return { kind: 'cgroup_path', size: 8, filter: new TextDecoder().decode(constant.bytes) };
    }
    checker.report(argumentLiteral(filter.span, { name: 'cgroup_path', wanted: 'a literal filter' }));
    return undefined;
  },
  into: ({ args: [id] }, low, place) => low.storeScalar(place, UINT64, scalar(low, id!)),
};

const cgroupid: LibraryEntry = {
  name: 'cgroupid',
  kind: 'function',
  signature: 'cgroupid(path)',
  doc: 'Id of the cgroup whose folder has this path, when the script is compiled.',
  arguments: { min: 1, max: 1 },
  check: ({ args: [path], node, span }, checker) => {
    checker.valueType(path!);
    const constant = checker.constant(path!);
    if (constant?.kind !== 'string') {
      checker.report(argumentLiteral(path!.span, { name: 'cgroupid', wanted: 'a literal path' }));
      return undefined;
    }
    const { kernel } = checker.model;
    const text = new TextDecoder().decode(constant.bytes);
    const id = kernel.cgroupId?.(text);
    if (id === undefined) {
      checker.report(cgroupUnknown(span, { path: text, kernel: kernel.name }));
      return undefined;
    }
    checker.setConstant(node, { kind: 'integer', value: id });
    return UINT64;
  },
};

export const IDENTITY_ENTRIES: readonly LibraryEntry[] = [username, cgroupPath, cgroupid];
