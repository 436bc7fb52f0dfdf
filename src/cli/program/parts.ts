/** What the parts of the command line share. Each part names commands and flags; what they do is in commands/. */
import type { Option } from 'commander';
import type { Edge, ExitCode } from '../edge.ts';

export interface ProgramParts {
  readonly edge: Edge;
  /** Wraps a command's function: its exit code becomes the program's. */
  readonly run: <Args extends unknown[]>(action: (...args: Args) => Promise<ExitCode>) => (...args: Args) => Promise<void>;
  readonly json: () => Option;
}
