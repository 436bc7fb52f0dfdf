/** `hearsay doctor`: each piece, what was found, and what to do about it. */
import { openDatabase } from '../../db/embedded.ts';
import { sources, sourcesByName } from '../../sources/list.ts';
import { readTopics } from '../../topics.ts';
import { runChecks } from '../doctor-checks.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';

export async function runDoctor(edge: Edge, flags: { readonly json?: boolean }): Promise<ExitCode> {
  const checks = await runChecks(edge.config, {
    nodeVersion: process.version,
    now: () => new Date(),
    sources,
    readTopics: async () => (await readTopics(edge.topicsDir, { sources: sourcesByName })).map((topic) => topic.slug),
    openDatabase,
  });
  for (const check of checks) {
    if (flags.json) {
      await edge.out(`${JSON.stringify(check)}\n`);
      continue;
    }
    const mark = check.ok === true ? 'ok  ' : check.ok === 'warn' ? 'warn' : 'FAIL';
    await edge.out(`${mark}  ${check.name}: ${check.found}\n${check.doThis ? `      -> ${check.doThis}\n` : ''}`);
  }
  const failed = checks.filter((check) => check.ok === false).length;
  const warned = checks.filter((check) => check.ok === 'warn').length;
  edge.talk(failed > 0 ? `${failed} to mend before hearsay can run` : `hearsay can run${warned > 0 ? `; ${warned} things to look at` : ''}`);
  return failed > 0 ? EXIT.failed : EXIT.ok;
}
