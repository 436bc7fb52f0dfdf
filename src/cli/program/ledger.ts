/** `hearsay ledger` and `hearsay signer`: export, verify, prove, sign. */
import type { Command } from 'commander';
import type { ProgramParts } from './parts.ts';

export function addLedger(program: Command, { edge, run, json }: ProgramParts): void {
  program
    .command('signer')
    .description('sign checkpoints only: on the machine that has the key')
    .action(run(async () => (await import('../commands/sign.ts')).runSignerAlone(edge)));

  const ledger = program.command('ledger').description('export, verify, sign');
  ledger
    .command('export')
    .argument('<slug>')
    .requiredOption('--out <file>', 'file, or -')
    .option('--entries <list>', 'only these entries, each with its proof, e.g. 5,6,10-12')
    .option('--with-content', "also what platforms' terms do not allow to publish: for the operator only")
    .action(run(async (slug, flags) => (await import('../commands/ledger-export.ts')).exportLedger(edge, slug, flags)));
  addSigning(ledger, { edge, run, json });
  ledger
    .command('verify')
    .description('an export, an address or a topic; exits with 4 where something was changed')
    .argument('<target>', 'an export (file or -), the address of an export, an article or a log, or the slug of a topic')
    .option('--key <vkey>', 'verifier key you trust')
    .option('--checkpoint <file>', 'an older checkpoint you kept')
    .option('--witness <vkey...>', 'key of a witness whose cosignature must be there')
    .addOption(json())
    .action(run(async (target, flags) => (await import('../commands/verify.ts')).verifyLedger(edge, target, flags)));
  ledger
    .command('prove')
    .description('that an entry is in a tree, or that a tree only grew; prints JSON')
    .argument('<slug>')
    .option('--entry <seq>', 'prove that this entry is in the tree')
    .option('--size <n>', '... of this size (default: that of the newest checkpoint)')
    .option('--from <n>', 'prove that the tree of this size is the beginning')
    .option('--to <n>', '... of the tree of this size (default: that of the newest checkpoint)')
    .action(run(async (slug, flags) => (await import('../commands/prove.ts')).proveLedger(edge, slug, flags)));
}

function addSigning(ledger: Command, { edge, run, json }: ProgramParts): void {
  ledger
    .command('sign')
    .description('sign what is new, once')
    .argument('[slug]')
    .option('--all', 'every topic')
    .option('--previous-key <vkey>', 'the key that signed before this one was put in its place')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('../commands/sign.ts')).signLedger(edge, slug, flags)));
  ledger
    .command('status')
    .description('what is signed, what is not, and why')
    .argument('[slug]')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('../commands/sign.ts')).showStatus(edge, slug, flags)));
  ledger
    .command('keygen')
    .description('make a signing key and print the verifier keys; no database')
    .option('--out <file>', 'never overwritten (default: where the key is looked for)')
    .option('--origin <host>', 'HOST, or HOST/SLUG for one log (default: HEARSAY_ORIGIN)')
    .addOption(json())
    .action(run(async (flags) => (await import('../commands/keygen.ts')).makeSigningKey(edge, flags)));
  ledger
    .command('key')
    .description('the verifier key that readers of a topic need')
    .argument('<slug>')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('../commands/keygen.ts')).showKey(edge, slug, flags)));
}
