/**
 * The address guard: what a fetched address may point at. Communities, feeds and pages name addresses, so every request
 * and every redirect hop could be aimed at this machine's own network (SSRF, CWE-918).
 *
 * Two checks. `checkUrl` looks at the address as written. `createGuardedConnect` is the one that counts: it resolves the
 * name itself, refuses when ANY answer is not a public unicast address, and connects to the address it has
 * checked, so that a second look-up cannot give another answer (DNS rebinding).
 * A `lookup` hook alone would not do: undici does not call it for address literals.
 * Proved by test/unit/fetch/address-guard.test.ts.
 */
import dns from 'node:dns/promises';
import net from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';
import { InvalidInputError } from '../errors.ts';

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };
/** Global unicast is all that IANA has given out of 2000::/3; ::/96 and the like are translation or history. */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** Of a name's checked addresses, this many are tried in turn. */
const MAX_CONNECT_ATTEMPTS = 3;

/** All addresses of a name, as `dns.lookup(name, {all: true})` gives them. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

/** True for addresses of the public internet: neither loopback, private, link-local, shared, multicast, reserved nor tunnelled. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // process() turns ::ffff:a.b.c.d into a.b.c.d, so mapped addresses are judged as what they reach.
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_UNICAST_V6);
}

/**
 * Parses an address that somebody else wrote. Raises `bad_url` (not http or https, user name or password in it) and
 * `address_blocked` (port, literal address). `allowed` names the `host:port` pairs excepted from the second.
 */
export function checkUrl(address: string, allowed: ReadonlySet<string>): URL {
  const url = parseUrl(address);
  if (isAllowed(url, allowed)) return url;
  if (url.port !== '') throw blocked(url, `port ${url.port} is neither 80 nor 443`);
  const literal = literalOf(url.hostname);
  if (literal !== undefined && !isPublicAddress(literal)) throw blocked(url, 'not a public address');
  if (/(^|\.)localhost\.?$/.test(url.hostname)) throw blocked(url, 'not a public address');
  return url;
}

function parseUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw new InvalidInputError('bad_url', `not an address: ${address.slice(0, 120)}`);
  if (DEFAULT_PORTS[url.protocol] === undefined) throw new InvalidInputError('bad_url', `only http and https are fetched, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '') throw new InvalidInputError('bad_url', `user name or password in the address of ${url.hostname}`);
  return url;
}

/** `host:port` as the allow-list writes it, the default port included. */
export function hostPortOf(url: URL): string {
  return `${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`;
}

function isAllowed(url: URL, allowed: ReadonlySet<string>): boolean {
  return allowed.has(hostPortOf(url));
}

/** Connects like undici's own connector, but only to addresses that were checked, and to exactly these. */
export function createGuardedConnect(options: {
  readonly allowed: ReadonlySet<string>;
  readonly resolveHost?: ResolveHost;
  readonly connectTimeoutMs: number;
}): buildConnector.connector {
  const connect = buildConnector({ timeout: options.connectTimeoutMs });
  const resolveHost = options.resolveHost ?? resolveWithSystem;

  return (target, callback) => {
    const hostname = stripBrackets(target.hostname);
    const port = target.port || DEFAULT_PORTS[target.protocol] || '';
    pickAddresses(hostname, port).then(
      (addresses) => tryInTurn(addresses, hostname),
      (error: unknown) => callback(error as Error, null),
    );

    async function pickAddresses(host: string, portText: string): Promise<readonly string[]> {
      const addresses = net.isIP(host) === 0 ? await resolveHost(host) : [host];
      if (options.allowed.has(`${target.hostname}:${portText}`)) return addresses;
      if (portText !== '80' && portText !== '443') throw new InvalidInputError('address_blocked', `${host}: port ${portText} is neither 80 nor 443`);
      if (addresses.length === 0 || !addresses.every(isPublicAddress)) {
        throw new InvalidInputError('address_blocked', `${host} resolves to an address that is not public`);
      }
      return addresses;
    }

    function tryInTurn(addresses: readonly string[], host: string, attempt = 0): void {
      const address = addresses[attempt];
      if (address === undefined) {
        callback(new Error(`no address for ${host}`), null);
        return;
      }
      // servername keeps certificate checks on the name; a literal address has none (RFC 6066 section 3).
      const pinned = { ...target, hostname: address, ...(net.isIP(host) === 0 ? { servername: target.servername ?? host } : {}) };
      connect(pinned, (...result) => {
        const last = attempt + 1 >= Math.min(addresses.length, MAX_CONNECT_ATTEMPTS);
        if (result[0] !== null && !last) tryInTurn(addresses, host, attempt + 1);
        else callback(...result);
      });
    }
  };
}

async function resolveWithSystem(hostname: string): Promise<readonly string[]> {
  const answers = await dns.lookup(hostname, { all: true });
  return answers.map((answer) => answer.address);
}

function literalOf(hostname: string): string | undefined {
  const bare = stripBrackets(hostname);
  return net.isIP(bare) === 0 ? undefined : bare;
}

function stripBrackets(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function blocked(url: URL, why: string): InvalidInputError {
  return new InvalidInputError('address_blocked', `${url.hostname}: ${why}`);
}
