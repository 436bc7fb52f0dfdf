/** `hearsay review`. */
import { type Command, Option } from 'commander';
import type { ProgramParts } from './parts.ts';

export function addReview(program: Command, { edge, run, json }: ProgramParts): void {
  const reviewer = (): Option => new Option('--reviewer <name>', 'who decides; the ledger shows a random pseudonym').makeOptionMandatory();
  const review = program.command('review').description('decide what a machine should not decide alone');
  review
    .command('list')
    .argument('<slug>')
    .option('--limit <n>', 'at most', '50')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('../commands/review.ts')).listReviews(edge, slug, flags)));
  review
    .command('show')
    .argument('<slug>')
    .argument('<seq>')
    .addOption(json())
    .action(run(async (slug, seq, flags) => (await import('../commands/review.ts')).showReview(edge, slug, seq, flags)));
  review
    .command('decide')
    .argument('<slug>')
    .argument('<seq>', 'entry of a source or claim')
    .argument('<decision>', 'accept, reject or amend')
    .addOption(reviewer())
    .addOption(new Option('--role <role>').choices(['primary', 'second', 'audit', 'adjudication']).default('primary'))
    .option('--expects <seq>', 'last decision you have seen, -1 for none; refused if there is a newer one')
    .option('--set <label=value...>', 'labels of an amend, e.g. --set direction=worsens')
    .option('--note <text>', 'kept beside the ledger, erasable')
    .addOption(json())
    .action(run(async (slug, seq, decision, flags) => (await import('../commands/review.ts')).decideReview(edge, slug, { seq, decision }, flags)));
  review
    .command('undo')
    .argument('<slug>')
    .argument('<seq>', 'entry of the review')
    .addOption(reviewer())
    .addOption(json())
    .action(run(async (slug, seq, flags) => (await import('../commands/review.ts')).undoReview(edge, slug, seq, flags)));
}
