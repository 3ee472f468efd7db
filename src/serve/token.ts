import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` has the token; everything is allowed if there is none. */
export function tokenCheck(token: string | undefined): (authorization: string | undefined) => boolean {
  if (token === undefined) return () => true;
  const wanted = digestOf(`Bearer ${token}`);
  return (authorization = '') => timingSafeEqual(digestOf(authorization.replace(/^bearer /i, 'Bearer ')), wanted);
}

/** Digests have equal lengths, as comparing in constant time needs. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
