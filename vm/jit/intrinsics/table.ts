/** The helpers that generated code does by itself. Each gives what its JavaScript form gives. */

import type { HelperName } from '../../../bpf/helpers/helper.ts';
import { helper } from '../../../bpf/helpers/lookup.ts';
import type { Intrinsic, Intrinsics } from '../call-site.ts';
import { CALL_INTRINSICS } from './calls.ts';
import { CURRENT_INTRINSICS } from './current.ts';
import { MAP_INTRINSICS } from './maps.ts';

const ALL: Intrinsics = { ...MAP_INTRINSICS, ...CURRENT_INTRINSICS, ...CALL_INTRINSICS };

/** By helper id. */
export const INTRINSICS: ReadonlyMap<number, Intrinsic> = new Map(
  (Object.entries(ALL) as [HelperName, Intrinsic][]).map(([name, write]) => [helper(name).id, write]),
);
