/** `bpfkit explain CODE`: the long text of a diagnostic (BT…) or of a refusal of the verifier (VE…). */
import { explain as explanation } from '../../compiler/diagnostics/explain.ts';
import { nearest } from '../../compiler/resolve/suggest.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';

export async function explain(code: string, io: CliIo): Promise<number> {
  const text = (await explanation(code)) ?? (await refusalText(code));
  if (text === undefined) throw await unknownCode(code);
  io.stdout(text.endsWith('\n') ? text : `${text}\n`);
  return EXIT.ok;
}

async function refusalText(code: string): Promise<string | undefined> {
  const { VERIFIER_EXPLANATIONS } = await import('../../verifier/explanations.gen.ts');
  const key = code.toUpperCase();
  return Object.hasOwn(VERIFIER_EXPLANATIONS, key) ? VERIFIER_EXPLANATIONS[key] : undefined;
}

async function unknownCode(code: string): Promise<CliError> {
  const { EXPLANATIONS } = await import('../../compiler/diagnostics/explanations.gen.ts');
  const { VERIFIER_EXPLANATIONS } = await import('../../verifier/explanations.gen.ts');
  const near = nearest(code, [...Object.keys(EXPLANATIONS), ...Object.keys(VERIFIER_EXPLANATIONS)]);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return new CliError(`There is no diagnostic ${code}: codes look like BT0101 or VE0609${hint}`);
}
