/**
 * `<dataDir>/postgres.json`: how to reach the embedded database. Read and written by its owner, read by commands that
 * attach to a running one. Mode 0600: it holds the passwords.
 */
import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../errors.ts';
import { APP } from './privileges.ts';

export const DATABASE = 'hearsay';

const connectionSchema = z.object({
  /** Of the superuser: migrations and maintenance. 64 hex digits. */
  password: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of the application's login. Absent in files of earlier releases until the owner's next start. */
  appPassword: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Port of the last start, on 127.0.0.1; 0 before the first. */
  port: z.int().min(0).max(65_535),
  /** Set once a cluster was ready: from then on its absence is a loss, not a first start. */
  initialized: z.boolean(),
});
export type Connection = z.infer<typeof connectionSchema>;

export function connectionPath(dataDir: string): string {
  return path.join(dataDir, 'postgres.json');
}

export function newConnection(): Connection {
  return { password: newPassword(), appPassword: newPassword(), port: 0, initialized: false };
}

export function newPassword(): string {
  return randomBytes(32).toString('hex');
}

/** The bootstrap superuser and the database are both named `hearsay`. */
export function adminUrlOf(connection: Connection, database = DATABASE): string {
  return `postgres://${DATABASE}:${connection.password}@127.0.0.1:${connection.port}/${database}`;
}

/** The login everything runs as that needs no owner's rights. */
export function appUrlOf({ appPassword, port }: Connection): string | undefined {
  return appPassword && `postgres://${APP}:${appPassword}@127.0.0.1:${port}/${DATABASE}`;
}

/** Undefined where there is none, or where it was cut off: the password can be set anew by the owner. */
export async function readConnection(dataDir: string): Promise<Connection | undefined> {
  try {
    const parsed = connectionSchema.safeParse(JSON.parse(await readFile(connectionPath(dataDir), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SyntaxError || code === 'ENOENT') return undefined;
    throw new InvalidInputError('data_dir_unreadable', `cannot read ${connectionPath(dataDir)} (${code}): run hearsay as the user who created it`, {
      cause: error,
    });
  }
}

/** Replaced whole and synced: a crash leaves the old one or the new one. */
export async function writeConnection(dataDir: string, connection: Connection): Promise<void> {
  const draft = `${connectionPath(dataDir)}.draft`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(connection)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, connectionPath(dataDir));
}
