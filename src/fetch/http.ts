/**
 * The one port every source fetches through. The real client (src/fetch/client.ts) adds politeness and
 * the address guard; tests and the demo pass one whose allow-list names their loopback stand-ins.
 */

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT';
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Cap on the decompressed body in bytes; default 10 MiB. */
  readonly maxBytes?: number;
  /** Whole exchange, in milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  /** Turns at the host. Absent: none are taken, unless robots.txt is obeyed. */
  readonly turn?: HostTurn;
  /** Ask robots.txt first (RFC 9309); default false: APIs have terms, pages have robots.txt. */
  readonly obeyRobots?: boolean;
  readonly signal?: AbortSignal;
}

/** How a host wants to be asked. What one client keeps to, all processes of an installation keep to together (src/db/shared-pacer.ts). */
export interface HostTurn {
  /** Milliseconds between starts of requests at the host; 0: no distance, but nothing is asked while the host rests. */
  readonly intervalMs: number;
  /** Milliseconds for which an answer asks to be left alone; default: what `Retry-After` of a 429 or 503 says. */
  readonly restMs?: (response: HttpResponse) => number | undefined;
}

/** Any answer that was received whole, whatever its status. */
export interface HttpResponse {
  /** Address after redirects. */
  readonly url: string;
  readonly status: number;
  /** Lower-case names; repeated headers joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed bytes as received, never decoded. */
  readonly body: Buffer;
  /** ISO 8601 UTC. */
  readonly fetchedAt: string;
}

/**
 * Raises `TransientError` (`network`, `timeout`), `RateLimitedError` (`rate_limited`: the host rests, and was not asked), and `InvalidInputError` (`address_blocked`,
 * `bad_url`, `too_many_redirects`, `body_too_large`, `robots_disallow`). Statuses are not errors here: `requireOk` maps them.
 */
export interface HttpClient {
  fetch(request: HttpRequest): Promise<HttpResponse>;
}
