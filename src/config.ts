/**
 * Configuration: the environment, read once, checked, and named. Pure: the entry points (`*\/main.ts`) pass
 * `process.env` in. Every variable is described in docs/operation.md; proved by test/unit/config.test.ts.
 * Messages name the variable and never print a value: some values are secrets.
 */
import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import type { AnnotatorKind } from './annotators/list.ts';
import { LLM_VARIABLES, type LlmSettings, readLlmSettings } from './annotators/llm/settings.ts';
import { InvalidInputError } from './errors.ts';
import { parsePlaces, type PlaceAddress } from './places/address.ts';
import { joinLimits, parseLimits, type SourceBudgets } from './model/source-budget.ts';
import type { PublicPolicy } from './sources/source.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** Where the Ed25519 seed of the checkpoint signature comes from. */
type SigningKeySource = { readonly kind: 'seed'; readonly hex: string } | { readonly kind: 'file'; readonly path: string };

interface SignerConfig {
  /** Whether commands that append, and `up` and `worker`, sign too. `hearsay signer` and `ledger sign` do in any case. */
  readonly enabled: boolean;
  /** Absolute. Holds the last note signed of each log: outside the database, or it would be set back with it. */
  readonly dir: string;
  /** A log with something new is signed so often; default 10. */
  readonly everySeconds: number;
  /** So many new entries are signed at once; default 1,000. */
  readonly everyEntries: number;
}

export interface Config {
  /** Absolute. Holds the embedded database, the secret and the signing key. */
  readonly dataDir: string;
  /** Absent: the embedded database. */
  readonly databaseUrl?: string;
  /** Login that owns the tables, for migrations and maintenance. Absent: `databaseUrl` does both. */
  readonly adminDatabaseUrl?: string;
  /** Absent: the queue runs on Postgres. */
  readonly redisUrl?: string;
  readonly host: string;
  readonly port: number;
  /** 64 hex digits; absent: `<dataDir>/secret.json`. */
  readonly secret?: string;
  /** Absent: `<dataDir>/signing-key`. */
  readonly signingKey?: SigningKeySource;
  /** What signs the checkpoints here, and when. */
  readonly signer: SignerConfig;
  /** Where each checkpoint is kept outside. */
  readonly checkpointPlaces: readonly PlaceAddress[];
  /** `host:port` pairs that outside places and the LLM endpoint may be at although they are not public. Crawls never get to them. */
  readonly allowHosts: readonly string[];
  /** Host name in checkpoint origins, `<origin>/<slug>`. */
  readonly origin: string;
  /** Host name -> base URL of a loopback stand-in that answers for it. */
  readonly routes: Readonly<Record<string, string>>;
  readonly logLevel: LogLevel;
  /** What each source may use up, by its name. */
  readonly sourceBudgets: SourceBudgets;
  /** What may be shown of X posts. */
  readonly xPublic: PublicPolicy;
  /** Which one annotates posts from now on; what it says counts once a topic has adopted it. */
  readonly annotator: AnnotatorKind;
  /** Absolute. Weights of the embedded annotator, as `hearsay train` writes them; absent: the shipped ones. */
  readonly modelDir?: string;
  /** Absent: no endpoint was named. */
  readonly llm?: LlmSettings;
  /** Values of the source variables asked for; unset ones are absent. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Variables that start with HEARSAY_ and mean nothing: most likely misspelt. `doctor` warns about them. */
  readonly unknownVariables: readonly string[];
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i;
const ORIGIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/;

function wholeNumber({ from, to }: { readonly from: number; readonly to: number }) {
  return z.string().refine((value) => /^\d{1,9}$/.test(value) && Number(value) >= from && Number(value) <= to, `must be a whole number from ${from} to ${to}`);
}

const environmentSchema = z.object({
  HEARSAY_DATA: z.string().default('.hearsay'),
  DATABASE_URL: z
    .string()
    .refine((value) => hasProtocol(value, ['postgres:', 'postgresql:']), 'must be a postgres:// address')
    .optional(),
  HEARSAY_ADMIN_DATABASE_URL: z
    .string()
    .refine((value) => hasProtocol(value, ['postgres:', 'postgresql:']), 'must be a postgres:// address')
    .optional(),
  REDIS_URL: z
    .string()
    .refine((value) => hasProtocol(value, ['redis:', 'rediss:']), 'must be a redis:// or rediss:// address')
    .optional(),
  HEARSAY_HOST: z
    .string()
    .refine((value) => isIP(value) !== 0 || HOST_NAME.test(value), 'must be a host name or an IP address')
    .default('127.0.0.1'),
  HEARSAY_PORT: z
    .string()
    .refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535, 'must be a port number from 0 (any free port) to 65535')
    .default('8080'),
  HEARSAY_SECRET: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 32 bytes as 64 hex digits; make one with `openssl rand -hex 32`')
    .optional(),
  HEARSAY_SIGNING_KEY: z.string().optional(),
  HEARSAY_SIGNER: z.enum(['on', 'off'], 'must be on or off').default('on'),
  HEARSAY_SIGNER_DIR: z.string().optional(),
  HEARSAY_CHECKPOINT_SECONDS: wholeNumber({ from: 1, to: 86_400 }).default('10'),
  HEARSAY_CHECKPOINT_ENTRIES: wholeNumber({ from: 1, to: 1_000_000 }).default('1000'),
  HEARSAY_CHECKPOINT_PLACES: z.string().default(''),
  HEARSAY_ALLOW_HOSTS: z.string().default(''),
  HEARSAY_ORIGIN: z.string().regex(ORIGIN, 'must be a lower-case host name, such as hearsay.example.org, without scheme or path').default('localhost'),
  HEARSAY_ROUTES: z.string().optional(),
  HEARSAY_LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  HEARSAY_REQUESTS_PER_DAY: z.string().default(''),
  HEARSAY_USD_PER_MONTH: z.string().default(''),
  HEARSAY_X_PUBLIC: z.enum(['tally', 'id', 'summary', 'text'], 'must be one of tally, id, summary, text').default('id'),
  HEARSAY_MODEL: z.string().optional(),
  ...LLM_VARIABLES,
});

/**
 * Reads the environment. An empty value counts as unset, as compose files pass it. `credentialNames` are the
 * variables the sources name in their descriptions.
 * Raises `InvalidInputError` (`bad_config`) naming every variable that is wrong.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cwd: string, credentialNames: readonly string[] = []): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) throw badConfig(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  const values = parsed.data;
  const dataDir = path.resolve(cwd, values.HEARSAY_DATA);
  const allowHosts = readAllowHosts(values.HEARSAY_ALLOW_HOSTS);
  const llm = readLlmSettings(values, allowHosts);
  if (isProblems(llm)) throw badConfig(llm);
  return {
    dataDir,
    ...(values.DATABASE_URL !== undefined && { databaseUrl: values.DATABASE_URL }),
    ...(values.HEARSAY_ADMIN_DATABASE_URL !== undefined && { adminDatabaseUrl: values.HEARSAY_ADMIN_DATABASE_URL }),
    ...(values.REDIS_URL !== undefined && { redisUrl: values.REDIS_URL }),
    host: values.HEARSAY_HOST,
    port: Number(values.HEARSAY_PORT),
    ...(values.HEARSAY_SECRET !== undefined && { secret: values.HEARSAY_SECRET.toLowerCase() }),
    ...(values.HEARSAY_SIGNING_KEY !== undefined && { signingKey: readSigningKeySource(values.HEARSAY_SIGNING_KEY, cwd) }),
    signer: {
      enabled: values.HEARSAY_SIGNER === 'on',
      dir: values.HEARSAY_SIGNER_DIR === undefined ? path.join(dataDir, 'signer') : path.resolve(cwd, values.HEARSAY_SIGNER_DIR),
      everySeconds: Number(values.HEARSAY_CHECKPOINT_SECONDS),
      everyEntries: Number(values.HEARSAY_CHECKPOINT_ENTRIES),
    },
    checkpointPlaces: parsePlaces(values.HEARSAY_CHECKPOINT_PLACES, cwd),
    allowHosts,
    origin: values.HEARSAY_ORIGIN,
    routes: readRoutes(values.HEARSAY_ROUTES ?? ''),
    logLevel: values.HEARSAY_LOG_LEVEL,
    sourceBudgets: joinLimits(
      readLimits('HEARSAY_REQUESTS_PER_DAY', values.HEARSAY_REQUESTS_PER_DAY, { whole: true }),
      readLimits('HEARSAY_USD_PER_MONTH', values.HEARSAY_USD_PER_MONTH, { whole: false }),
    ),
    xPublic: values.HEARSAY_X_PUBLIC,
    ...(values.HEARSAY_MODEL !== undefined && { modelDir: path.resolve(cwd, values.HEARSAY_MODEL) }),
    annotator: values.HEARSAY_ANNOTATOR,
    ...(llm !== undefined && { llm }),
    credentials: Object.fromEntries(credentialNames.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]))),
    unknownVariables: listUnknown(Object.keys(given), credentialNames),
  };
}

function isProblems(read: LlmSettings | undefined | readonly string[]): read is readonly string[] {
  return Array.isArray(read);
}

function badConfig(problems: readonly string[]): InvalidInputError {
  return new InvalidInputError('bad_config', `configuration: ${problems.join('; ')}`);
}

/** `URL.parse` is younger than the oldest Node supported. */
function parseUrl(value: string): URL | null {
  return URL.canParse(value) ? new URL(value) : null;
}

function hasProtocol(value: string, protocols: readonly string[]): boolean {
  const url = parseUrl(value);
  return url !== null && protocols.includes(url.protocol);
}

/** 64 hex digits are the seed itself; anything else is the path of a file that holds them. */
function readSigningKeySource(value: string, cwd: string): SigningKeySource {
  if (/^[0-9a-f]{64}$/i.test(value)) return { kind: 'seed', hex: value.toLowerCase() };
  // A seed with a typing error must not end up in an error message as "file not found: <seed>".
  if (/^[0-9a-f]{32,}$/i.test(value)) throw badConfig(['HEARSAY_SIGNING_KEY must be a 32-byte seed as 64 hex digits, or the path of a file that holds one']);
  return { kind: 'file', path: path.resolve(cwd, value) };
}

function readLimits(name: string, value: string, options: { readonly whole: boolean }): Readonly<Record<string, number>> {
  const limits = parseLimits(value, options);
  if (typeof limits === 'string') throw badConfig([`${name} ${limits}`]);
  return limits;
}

/** `host=url,host=url`. Only loopback addresses: a route decides where credentials for that host are sent. */
function readRoutes(value: string): Record<string, string> {
  const routes: Record<string, string> = {};
  for (const [index, pair] of value
    .split(',')
    .filter((part) => part.trim() !== '')
    .entries()) {
    const at = pair.indexOf('=');
    const host = pair.slice(0, Math.max(at, 0)).trim().toLowerCase();
    const url = parseUrl(pair.slice(at + 1).trim());
    const where = `HEARSAY_ROUTES entry ${index + 1}`;
    if (at < 1 || !HOST_NAME.test(host)) throw badConfig([`${where} must have the form host=url`]);
    if (url === null || url.protocol !== 'http:' || !isLoopback(url.hostname)) throw badConfig([`${where} must lead to http:// on a loopback address`]);
    if (url.username !== '' || url.search !== '' || url.hash !== '') throw badConfig([`${where} must be an address without user, query or fragment`]);
    routes[host] = url.href.replace(/\/$/, '');
  }
  return routes;
}

/** `host:port,host:port`, each as the URL parser writes it, which is how requests are compared with them. */
function readAllowHosts(value: string): string[] {
  const entries = value.split(',').map((entry) => entry.trim());
  return entries.flatMap((entry, index) => {
    if (entry === '') return [];
    const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(entry) ?? [];
    const hostname = parseUrl(`http://${host}/`)?.hostname ?? '';
    const isHost = hostname.startsWith('[') || HOST_NAME.test(hostname);
    // What the parser would drop, such as a user or a path, is no host.
    if (!isHost || /[/@?#]/.test(host) || Number(port) < 1 || Number(port) > 65_535) {
      throw badConfig([`HEARSAY_ALLOW_HOSTS entry ${index + 1} must have the form host:port`]);
    }
    return [`${hostname}:${Number(port)}`];
  });
}

/** `hostname` as the URL parser wrote it: every spelling of an IPv4 address is already in dotted form. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
}

/** Variables of the test harness are not configuration of the program. */
function listUnknown(names: readonly string[], credentialNames: readonly string[]): string[] {
  const known = new Set([...Object.keys(environmentSchema.shape), ...credentialNames]);
  return names.filter((name) => name.startsWith('HEARSAY_') && !name.startsWith('HEARSAY_TEST_') && !known.has(name)).sort();
}
