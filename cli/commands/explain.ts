/** `bpfkit explain CODE` */
import { explain as explanation } from '../../compiler/diagnostics/explain.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';

export async function explain(code: string, io: CliIo): Promise<number> {
  const text = await explanation(code);
  if (text === undefined) throw new CliError(`There is no diagnostic ${code}; codes look like BT0101.`);
  io.stdout(text.endsWith('\n') ? text : `${text}\n`);
  return EXIT.ok;
}
