/** The long texts behind diagnostic codes, loaded only when somebody asks. */

/** Markdown for a code such as `BT0101` (any case), or undefined when there is no such code. */
export async function explain(code: string): Promise<string | undefined> {
  const { EXPLANATIONS } = await import('./explanations.gen.ts');
  const key = code.toUpperCase();
  return Object.hasOwn(EXPLANATIONS, key) ? EXPLANATIONS[key] : undefined;
}
