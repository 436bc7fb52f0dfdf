/**
 * The session of an account at its PDS: made once however many calls wait for it, renewed with its refresh token when a call finds it
 * expired, made anew when that is refused. Sessions are few a day and account, so all calls of a process share one.
 * https://docs.bsky.app/docs/api/com-atproto-server-create-session. Proved by test/unit/sources/bluesky-session.test.ts.
 */
import { z } from 'zod';
import { InvalidInputError, TransientError } from '../../errors.ts';
import type { HttpClient, HttpResponse } from '../../fetch/http.ts';
import type { SourceContext } from '../source.ts';
import { BLUESKY_TURN, readXrpc, xrpcErrorOf } from './answer.ts';

/** Bluesky's own; accounts elsewhere name theirs in BLUESKY_PDS. */
const DEFAULT_PDS = 'https://bsky.social';

const sessionSchema = z.object({ accessJwt: z.string().min(1).max(10_000), refreshJwt: z.string().min(1).max(10_000) });
type Session = z.infer<typeof sessionSchema>;

export interface Login {
  /** Origin of the PDS. */
  readonly pds: string;
  readonly identifier: string;
  readonly password: string;
}

/** Undefined: nothing is set, and Bluesky is read logged out. @throws InvalidInputError `missing_credentials`, `bad_config` */
export function readLogin({ credentials }: Pick<SourceContext, 'credentials'>): Login | undefined {
  const { BLUESKY_IDENTIFIER: identifier, BLUESKY_APP_PASSWORD: password, BLUESKY_PDS: pds = DEFAULT_PDS } = credentials;
  if (!identifier && !password) return undefined;
  if (!identifier || !password) {
    const missing = identifier ? 'BLUESKY_APP_PASSWORD' : 'BLUESKY_IDENTIFIER';
    throw new InvalidInputError('missing_credentials', `Bluesky needs ${missing} too, or neither of the two (docs/sources/bluesky.md).`);
  }
  const url = URL.canParse(pds) ? new URL(pds) : undefined;
  // The password goes there.
  if (url?.protocol !== 'https:' || url.href !== `${url.origin}/`) throw new InvalidInputError('bad_config', 'BLUESKY_PDS must be https:// and a host.');
  return { pds: url.origin, identifier, password };
}

export interface SessionHolder {
  /** Sends a request with the session's token, once more with a renewed one when it is found expired. */
  send(url: string, signal: AbortSignal | undefined): Promise<HttpResponse>;
}

const holders = new WeakMap<HttpClient, Map<string, SessionHolder>>();

/** The one holder of this login in this process. */
export function sessionFor(http: HttpClient, login: Login): SessionHolder {
  const ofClient = holders.get(http) ?? new Map<string, SessionHolder>();
  holders.set(http, ofClient);
  const name = JSON.stringify(login);
  const holder = ofClient.get(name) ?? createSessionHolder(http, login);
  ofClient.set(name, holder);
  return holder;
}

function createSessionHolder(http: HttpClient, login: Login): SessionHolder {
  let held: Session | undefined;
  let pending: Promise<Session> | undefined;

  /** `used` is what was found expired; whoever comes later with the same gets what has replaced it. */
  function current(used?: Session): Promise<Session> {
    if (held !== undefined && held !== used) return Promise.resolve(held);
    pending ??= renew(held).finally(() => {
      pending = undefined;
    });
    return pending;
  }

  async function renew(old: Session | undefined): Promise<Session> {
    held = undefined;
    held = (old === undefined ? undefined : await refresh(old)) ?? (await create());
    return held;
  }

  /** Undefined: the refresh token is used up or revoked. */
  async function refresh(old: Session): Promise<Session | undefined> {
    const response = await post('com.atproto.server.refreshSession', { authorization: `Bearer ${old.refreshJwt}` });
    return response.status === 400 || response.status === 401 ? undefined : readXrpc(response, 'Bluesky session', sessionSchema);
  }

  async function create(): Promise<Session> {
    const { identifier, password } = login;
    const response = await post('com.atproto.server.createSession', { 'content-type': 'application/json' }, JSON.stringify({ identifier, password }));
    if (response.status === 400 || response.status === 401) {
      const name = xrpcErrorOf(response) ?? `HTTP ${response.status}`;
      throw new InvalidInputError('bluesky_unauthorized', `Bluesky gives no session: ${name}. Check BLUESKY_IDENTIFIER and BLUESKY_APP_PASSWORD.`);
    }
    return readXrpc(response, 'Bluesky session', sessionSchema);
  }

  /** Without the caller's signal: others may wait for the same session. */
  function post(method: string, headers: Readonly<Record<string, string>>, body?: string): Promise<HttpResponse> {
    return http.fetch({
      url: `${login.pds}/xrpc/${method}`,
      method: 'POST',
      headers: { accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
    });
  }

  async function sendWith(session: Session, url: string, signal: AbortSignal | undefined): Promise<HttpResponse> {
    const headers = { accept: 'application/json', authorization: `Bearer ${session.accessJwt}` };
    return http.fetch({ url, headers, turn: BLUESKY_TURN, ...(signal === undefined ? {} : { signal }) });
  }

  return {
    async send(url, signal) {
      if (signal?.aborted === true) throw new TransientError('aborted', 'stopped before asking Bluesky');
      const session = await current();
      const response = await sendWith(session, url, signal);
      if (!isExpired(response)) return response;
      return sendWith(await current(session), url, signal);
    },
  };
}

/** A PDS says so with 400 and a name, others with 401. */
function isExpired(response: HttpResponse): boolean {
  return response.status === 401 || (response.status === 400 && ['ExpiredToken', 'InvalidToken'].includes(xrpcErrorOf(response) ?? ''));
}
