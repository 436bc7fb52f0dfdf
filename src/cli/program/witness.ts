/** `hearsay witness`. */
import type { Command } from 'commander';
import type { ProgramParts } from './parts.ts';

export function addWitness(program: Command, { edge, run }: ProgramParts): void {
  const witness = program.command('witness').description('cosign the checkpoints of transparency logs; no database');
  witness
    .command('run', { isDefault: true })
    .description('answer add-checkpoint requests (c2sp.org/tlog-witness)')
    .option('--log <vkey...>', 'verifier key of a log to follow')
    .option('--logs <file>', 'a list of them, one a line; after a space the origin, where it is not the name of the key')
    .requiredOption('--state <dir>', 'what the witness must remember; never restore an older copy')
    .option('--key <file>', 'its private key (default: witness.key in the state directory)')
    .option('--name <name>', 'its name, e.g. witness.example.org; makes the key at the first start')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', '0 takes any free one', '8090')
    .action(run(async (flags) => (await import('../commands/witness.ts')).runWitness(edge, flags)));
  witness
    .command('keygen')
    .description('make a private key and print its verifier key')
    .requiredOption('--name <name>', 'name of the witness, e.g. witness.example.org')
    .requiredOption('--out <file>', 'is never overwritten')
    .action(run(async (flags) => (await import('../commands/witness.ts')).generateWitnessKey(edge, flags)));
}
