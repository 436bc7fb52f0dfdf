/** `hearsay erase`, `scrub`, `withhold`, `restore`. */
import type { Command } from 'commander';
import type { ProgramParts } from './parts.ts';

export function addErasure(program: Command, { edge, run }: ProgramParts): void {
  program
    .command('erase')
    .description('destroy posts everywhere, for good')
    .argument('[platform]')
    .argument('[id]', 'native id, e.g. t3_abc')
    .option('--author <name>', 'every post of an author on the platform, spelt as there')
    .option('--url <address>', 'the post at this address')
    .option('--from <file>', 'requests: one JSON object per line, {platform, id}, {platform, author} or {url}; - for standard input')
    .requiredOption('--reason <reason>', 'source_deleted, platform_terms, request or operator')
    .option('--dry-run', 'only say what would be erased')
    .option('--no-scrub', "leave the bytes in the database's files to the next scrub")
    .action(run(async (platform, id, flags) => (await import('../commands/erase.ts')).erase(edge, { platform, id }, flags)));
  program
    .command('scrub')
    .description("make the database's files forget what was erased, now rather than within a day")
    .action(run(async () => (await import('../commands/erase.ts')).runScrub(edge)));
  for (const type of ['withhold', 'restore'] as const) {
    program
      .command(type)
      .description(type === 'withhold' ? 'hide a post and leave it out of the counts; can be undone' : 'show a withheld post again')
      .argument('<platform>')
      .argument('<id>', 'native id, e.g. t3_abc')
      .requiredOption('--reason <code>', 'a short code that the ledger keeps, e.g. legal_request')
      .option('--dry-run', `only say what would be ${type === 'withhold' ? 'hidden' : 'shown'}`)
      .action(run(async (platform, id, flags) => (await import('../commands/visibility.ts')).changePost(edge, { type, platform, id }, flags)));
  }
}
