/**
 * Headers every answer carries. No script runs on the public pages at all, so the policy has no script source: what
 * slipped through escaping would still not run (CSP Level 3, https://www.w3.org/TR/CSP3/).
 */
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

export function secureAnswers(): MiddlewareHandler {
  const setHeaders = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
  });
  return async (c, next) => {
    let own: string | null = null;
    await setHeaders(c, async () => {
      await next();
      own = c.res.headers.get('content-security-policy');
    });
    // A page that needs more (its own script file, a form) states its own policy.
    if (own !== null) c.res.headers.set('content-security-policy', own);
    // Kept copies must ask again before each use: erased content may not live on in somebody's cache (RFC 9111, section 5.2.2.4).
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', c.res.status >= 400 ? 'no-store' : 'no-cache');
  };
}
