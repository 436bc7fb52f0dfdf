/**
 * Stand-ins for the outside world: small loopback servers that answer as the platforms do
 * (docs/sources/), fed with a "world" in the platform's own wire format. The demo and the tests run
 * the real sources against them; the HTTP client's `routes` send the platforms' host names here.
 */

/** An answer given instead of the normal one; `undefined` lets the request through. */
interface Fault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds to wait before answering. */
  readonly delayMs?: number;
  /** Close the socket without an answer. */
  readonly hangUp?: boolean;
}

export interface StandInRequest {
  readonly method: string;
  readonly host: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface StandInOptions {
  readonly fault?: (request: StandInRequest, nth: number) => Fault | undefined;
}

export interface StandIn {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Host names it answers for, to be put into the client's `routes`. */
  readonly hosts: readonly string[];
  /** Every request received, in order. */
  readonly requests: readonly StandInRequest[];
  close(): Promise<void>;
}
