/** What the kernel takes for a name (`btf_name_valid_identifier`, `btf_name_valid_section`). */

/** `KSYM_NAME_LEN` */
const LONGEST = 512;

export function isIdentifier(name: string): boolean {
  return name.length < LONGEST && /^[A-Za-z_.][A-Za-z0-9_.]*$/.test(name);
}

export function isSectionName(name: string): boolean {
  return name.length < LONGEST && /^[\x20-\x7e]+$/.test(name);
}
