/** Licenses that open GPL-only helpers (`license_is_gpl_compatible` of `linux/license.h`). */

/** Exact texts; case and spaces count. */
export const GPL_LICENSES: readonly string[] = [
  'GPL',
  'GPL v2',
  'GPL and additional rights',
  'Dual BSD/GPL',
  'Dual MIT/GPL',
  'Dual MPL/GPL',
];

/** True when a program under this license may call GPL-only helpers. */
export function isGplCompatible(license: string): boolean {
  return GPL_LICENSES.includes(license);
}
